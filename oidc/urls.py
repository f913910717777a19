"""Where clients find the provider, and where parents see what they gave to whom. The issuer is SITE_URL, so the documents lie at the root."""

from django.urls import path

from oidc.views import authorize, logout, metadata, services, tokens

app_name = "oidc"

urlpatterns = [
    path(".well-known/openid-configuration", metadata.discovery, name="discovery"),
    path(".well-known/oauth-authorization-server", metadata.discovery, name="server-metadata"),
    path("o/jwks.json", metadata.jwks, name="jwks"),
    path("o/authorize/", authorize.authorize, name="authorize"),
    path("o/consent/", authorize.consent, name="consent"),
    path("o/token/", tokens.token, name="token"),
    path("o/userinfo/", tokens.userinfo, name="userinfo"),
    path("o/introspect/", tokens.introspect, name="introspect"),
    path("o/revoke/", tokens.revoke, name="revoke"),
    path("o/logout/", logout.logout, name="logout"),
    path("o/logout/confirm/", logout.logout_confirm, name="logout-confirm"),
    path("sso/services/", services.services, name="services"),
    path("sso/services/<int:pk>/disconnect/", services.disconnect, name="service-disconnect"),
    path("o/clients/<int:pk>/logo.png", services.logo, name="logo"),
]
