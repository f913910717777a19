"""Accounts at the doors of the portal and of single sign-on, one file a noun."""

from accounts.models.clients import Client, ClientLogo, Connection
from accounts.models.doors import Captcha, LoginThrottle
from accounts.models.mailed import FormerPassword, MailedKey
from accounts.models.own import AccountClosure, OwnAddressChange
from accounts.models.second_factor import Authenticator, RecoveryCode, RecoverySheet
from accounts.models.sessions import BrowserSession, RememberedDevice
from accounts.models.sign_on import Authorization, Grant, LogoutNotice, SignOn
from accounts.models.signing import SigningKey
from accounts.models.sso import Service, SSOAccount
from accounts.models.staff import StaffImport, StaffInvitation
from accounts.models.user import StaffRole, User, UserManager

__all__ = [
    "AccountClosure",
    "Authenticator",
    "Authorization",
    "BrowserSession",
    "Captcha",
    "Client",
    "ClientLogo",
    "Connection",
    "FormerPassword",
    "Grant",
    "LoginThrottle",
    "LogoutNotice",
    "OwnAddressChange",
    "MailedKey",
    "RecoveryCode",
    "RecoverySheet",
    "RememberedDevice",
    "SSOAccount",
    "Service",
    "SignOn",
    "SigningKey",
    "StaffImport",
    "StaffInvitation",
    "StaffRole",
    "User",
    "UserManager",
]
