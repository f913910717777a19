"""The OpenID Connect provider: django-oauth-toolkit, and what it lacks (docs/adr/0012)."""
