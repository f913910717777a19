"""The kinds of account and the roles of staff, in the school's words.

They stand in the registry because every room above asks about them; who holds which is kept in `accounts`.
"""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class AccountKind(models.TextChoices):
    FAMILY = "family", _("家長帳號（校務行政系統）")
    STAFF = "staff", _("教職員帳號")
    PARENT = "parent", _("單一身分驗證帳號")


class Role(models.TextChoices):
    HOMEROOM_TEACHER = "homeroom_teacher", _("導師")
    REGISTRAR = "registrar", _("註冊組")
    CASHIER = "cashier", _("出納組")
    HELPDESK = "helpdesk", _("網路中心")
    PRINCIPAL = "principal", _("校長")
    SCHOOL_ADMIN = "school_admin", _("學校管理者")


# Who decides about families, and so is kept from the own one: these are asked for their own ID number.
DECIDERS = frozenset({Role.HOMEROOM_TEACHER, Role.REGISTRAR, Role.SCHOOL_ADMIN})


@dataclass(frozen=True)
class Reviewer:
    """As much of a user as `of_reviewer` asks: stands for the user where a queryset is compiled."""

    school_id: int
    role: Role
    account: str = ""

    @property
    def roles(self):
        return frozenset({self.role})
