"""What a new password may not be."""

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from registry.roles import AccountKind


def minimum_length(user):
    """Characters a new password of this user needs."""
    is_staff = getattr(user, "kind", None) == AccountKind.STAFF
    return settings.STAFF_PASSWORD_MINIMUM_LENGTH if is_staff else settings.PASSWORD_MINIMUM_LENGTH


class LengthByKindValidator:
    """Long enough for the kind of account, and not so long that hashing it becomes an attack."""

    def validate(self, password, user=None):
        minimum = minimum_length(user)
        if len(password) < minimum:
            raise ValidationError(
                _("密碼至少要有 %(minimum)d 個字。可以用一句只有您知道的話，中文或空白都可以。")
                % {"minimum": minimum},
                code="password_too_short",
            )
        if len(password) > settings.PASSWORD_MAXIMUM_LENGTH:
            raise ValidationError(
                _("密碼最多 %(maximum)d 個字。") % {"maximum": settings.PASSWORD_MAXIMUM_LENGTH},
                code="password_too_long",
            )

    def get_help_text(self):
        return _("至少 %(minimum)d 個字。") % {"minimum": settings.PASSWORD_MINIMUM_LENGTH}


def tells_much(known):
    """Two Chinese characters are a name; two Latin letters stand in half of all words."""
    return len(known) >= (4 if known.isascii() else 2)


class OwnDataValidator:
    """No password made of what the school or the class knows: numbers, names, addresses, birth dates."""

    def validate(self, password, user=None):
        typed = password.casefold()
        if any(tells_much(known) and known.casefold() in typed for known in self.known_of(user)):
            raise ValidationError(
                _("密碼裡不要放證號、學號、姓名、生日或電子郵件，別人容易猜到。"),
                code="password_of_own_data",
            )

    def known_of(self, user):
        if user is None or user.pk is None:
            return []
        if user.kind == AccountKind.FAMILY:
            student = user.student
            number = student.identity_number
            return [
                number,
                number[-6:],
                student.student_number,
                student.name,
                f"{student.birth_on:%Y%m%d}",
                f"{student.birth_on.year - 1911:03d}{student.birth_on:%m%d}",
            ]
        if user.kind == AccountKind.PARENT:
            number = user.sso_account.identity_number
            return [number, number[-6:], user.email, user.email.partition("@")[0], user.sso_account.name]
        return [user.account, user.email.partition("@")[0], user.name]

    def get_help_text(self):
        return _("不要用證號、學號、姓名、生日或電子郵件。")


class FormerPasswordsValidator:
    """None of the last three; each costs one hash."""

    def validate(self, password, user=None):
        if user is None or not user.pk:
            return
        kept = [user.password] if user.has_usable_password() else []
        kept += user.former_passwords.values_list("password", flat=True)[:2]
        if any(check_password(password, one) for one in kept):
            raise ValidationError(_("這個密碼最近用過，請換一個沒有用過的。"), code="password_used_before")

    def get_help_text(self):
        return _("不要用最近三次用過的密碼。")
