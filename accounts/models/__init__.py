"""People, and how they log in to the portal and to single sign-on; one file a noun."""

from accounts.models.email_changes import AccountClosure, EmailChange
from accounts.models.email_tokens import EmailToken
from accounts.models.passwords import FormerPassword
from accounts.models.second_factor import Authenticator, RecoveryCode, RecoverySheet
from accounts.models.sessions import BrowserSession
from accounts.models.sso import SSOAccount
from accounts.models.throttle import Captcha, LoginThrottle
from accounts.models.trusted_devices import TrustedDevice
from accounts.models.user import StaffRole, User, UserManager

__all__ = [
    "AccountClosure",
    "Authenticator",
    "BrowserSession",
    "Captcha",
    "EmailChange",
    "EmailToken",
    "FormerPassword",
    "LoginThrottle",
    "RecoveryCode",
    "RecoverySheet",
    "SSOAccount",
    "StaffRole",
    "TrustedDevice",
    "User",
    "UserManager",
]
