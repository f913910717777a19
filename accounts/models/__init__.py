"""Accounts at the doors of the portal and of single sign-on, one file a noun."""

from accounts.models.one_time_links import FormerPassword, MailedKey
from accounts.models.own_account import AccountClosure, OwnAddressChange
from accounts.models.second_factor import Authenticator, RecoveryCode, RecoverySheet
from accounts.models.sessions import BrowserSession, RememberedDevice
from accounts.models.sso import SSOAccount
from accounts.models.throttle import Captcha, LoginThrottle
from accounts.models.user import StaffRole, User, UserManager

__all__ = [
    "AccountClosure",
    "Authenticator",
    "BrowserSession",
    "Captcha",
    "FormerPassword",
    "LoginThrottle",
    "OwnAddressChange",
    "MailedKey",
    "RecoveryCode",
    "RecoverySheet",
    "RememberedDevice",
    "SSOAccount",
    "StaffRole",
    "User",
    "UserManager",
]
