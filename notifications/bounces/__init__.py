"""Mails that come back: whose they are, what they say, what follows (ADR 30)."""
