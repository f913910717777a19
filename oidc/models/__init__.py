"""Clients, what parents gave them, and the keys that sign, one file a noun."""

from oidc.models.clients import Client, ClientLogo, Connection
from oidc.models.keys import SigningKey
from oidc.models.services import Service
from oidc.models.sign_ons import Authorization, Grant, LogoutNotice, SignOn

__all__ = [
    "Authorization",
    "Client",
    "ClientLogo",
    "Connection",
    "Grant",
    "LogoutNotice",
    "Service",
    "SignOn",
    "SigningKey",
]
