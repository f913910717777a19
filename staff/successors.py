"""What would be left without anybody if a member of staff were switched off: said before, and once more after it."""

from dataclasses import dataclass

from accounts.models import StaffRole, User
from registry.models import HomeroomDuty, SchoolClass
from registry.roles import AccountKind, Role

# Without one of these nobody at the school can do the work: its applications, its money, its people.
NEEDED = (Role.REGISTRAR, Role.CASHIER, Role.SCHOOL_ADMIN)


@dataclass(frozen=True)
class LeftAlone:
    """Names of classes, and labels of roles, that nobody else holds."""

    classes: list[str]
    roles: list[str]

    def __bool__(self) -> bool:
        return bool(self.classes or self.roles)


def left_alone_without(user: User) -> LeftAlone:
    """Four queries at most."""
    return LeftAlone(_classes_of(user), _roles_of(user))


def _classes_of(user):
    """Classes of this year that no other active homeroom teacher or substitute of the school teaches today."""
    own = SchoolClass.objects.current().filter(
        school=user.school_id, duties__in=HomeroomDuty.objects.today().filter(account=user.account)
    )
    teachers = User.objects.filter(
        school=user.school_id, kind=AccountKind.STAFF, is_active=True, role_rows__role=Role.HOMEROOM_TEACHER
    ).exclude(pk=user.pk)
    others = HomeroomDuty.objects.today().filter(school_class__in=own, account__in=teachers.values("account"))
    alone = own.exclude(pk__in=others.values("school_class"))
    return list(alone.in_order().distinct().values_list("name", flat=True))


def _roles_of(user):
    held = set(user.role_rows.values_list("role", flat=True))
    others = StaffRole.objects.filter(user__school=user.school_id, user__is_active=True).exclude(user=user.pk)
    elsewhere = set(others.filter(role__in=NEEDED).values_list("role", flat=True))
    return [str(role.label) for role in NEEDED if role in held - elsewhere]
