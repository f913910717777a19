"""Accounts at the doors of the portal and of single sign-on, one file a noun."""

from accounts.models.doors import Captcha, LoginThrottle
from accounts.models.sso import Service, SSOAccount
from accounts.models.staff import StaffImport, StaffInvitation
from accounts.models.user import StaffRole, User, UserManager

__all__ = [
    "Captcha",
    "LoginThrottle",
    "SSOAccount",
    "Service",
    "StaffImport",
    "StaffInvitation",
    "StaffRole",
    "User",
    "UserManager",
]
