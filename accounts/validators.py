"""What a new password may not be. Compared is the form that is hashed (NFKC), without regard to case."""

import re
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.common_passwords import fold, squeeze, what_is_left
from accounts.hashers import normalize
from accounts.signals import bound_children_asked
from core import identity
from registry.roles import AccountKind

# What is left of a password without well-known parts has to be so long.
LEAST_LEFT = 4
# So many characters of an ID number in a row are a part of it: with the letter, or as the last six.
RUN = 6


HAN = re.compile("[\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


@dataclass(frozen=True)
class Least:
    """Characters that a new password needs: `any_script`, or fewer where most of them are Han.

    A Han character is one of some thousand in use, a letter one of 26: eight of them are harder to guess than twelve.
    """

    any_script: int
    han: int

    def of(self, password):
        characters = normalize(password)
        return self.han if len(HAN.findall(characters)) * 2 > len(characters) else self.any_script


def minimum_length(user):
    if getattr(user, "kind", None) == AccountKind.STAFF:
        return Least(settings.STAFF_PASSWORD_MINIMUM_LENGTH, settings.STAFF_PASSWORD_MINIMUM_HAN)
    return Least(settings.PASSWORD_MINIMUM_LENGTH, settings.PASSWORD_MINIMUM_HAN)


class LengthByKindValidator:
    """Long enough for the kind of account, and not so long that hashing it becomes an attack."""

    def validate(self, password, user=None):
        least = minimum_length(user)
        lengths = len(password), len(normalize(password))
        if min(lengths) < least.of(password):
            raise ValidationError(
                _("密碼至少要有 %(minimum)d 個字，以中文為主時 %(han)d 個字。可以用一句只有您知道的話，空白也可以。")
                % {"minimum": least.any_script, "han": least.han},
                code="password_too_short",
            )
        if max(lengths) > settings.PASSWORD_MAXIMUM_LENGTH:
            raise ValidationError(
                _("密碼最多 %(maximum)d 個字。") % {"maximum": settings.PASSWORD_MAXIMUM_LENGTH},
                code="password_too_long",
            )

    def get_help_text(self):
        least = minimum_length(None)
        return _("至少 %(minimum)d 個字，以中文為主時 %(han)d 個字。") % {"minimum": least.any_script, "han": least.han}


def tells_much(known):
    """Two Chinese characters are a name; two Latin letters stand in half of all words."""
    return len(known) >= (4 if known.isascii() else 2)


class OwnDataValidator:
    """No password made of what the school or the class knows: numbers, names, addresses, birth dates."""

    def validate(self, password, user=None):
        typed = fold(password), squeeze(password)
        # Anybody's whole number, and parts of the numbers that are known, whatever stands between their characters.
        bare = fold(identity.normalize(password))
        is_number = identity.is_in(password) or any(run in bare for run in self.runs_of_numbers(user))
        known = [*self.known_of(user)]
        is_known = any(tells_much(one) and (fold(one) in typed[0] or squeeze(one) in typed[1]) for one in known)
        if is_number or is_known:
            raise ValidationError(
                _("密碼裡不要放證號、學號、手機、姓名、生日或電子郵件，別人容易猜到。"), code="password_of_own_data"
            )

    def known_of(self, user):
        if user is None or user.pk is None:
            return
        if user.kind == AccountKind.FAMILY:
            yield from of_student(user.student)
        elif user.kind == AccountKind.PARENT:
            yield from (user.sso_account.mobile, user.sso_account.name)
            yield from of_address(user.email)
            for student in children_of(user.sso_account):
                yield from of_student(student)
        else:
            yield from (user.account, user.name, *of_address(user.email))

    def runs_of_numbers(self, user):
        """Runs of the own ID number and of the children's, forwards and backwards."""
        if user is None or user.pk is None:
            return
        if user.kind == AccountKind.FAMILY:
            people = [user.student]
        elif user.kind == AccountKind.PARENT:
            people = [user.sso_account, *children_of(user.sso_account)]
        else:
            people = [user] if getattr(user, "identity_cipher", "") else []
        for person in people:
            number = fold(person.identity_number or "")
            for written in (number, number[::-1]):
                yield from (written[at : at + RUN] for at in range(len(written) - RUN + 1))

    def get_help_text(self):
        return _("不要用證號、學號、姓名、生日或電子郵件。")


def children_of(account):
    answers = bound_children_asked.send(type(account), account=account)
    return [child.student for _receiver, children in answers for child in children]


def of_student(student):
    return [student.student_number, student.name, *of_date(student.birth_on)]


def of_address(email):
    """The whole address, and the name before the @."""
    return [email, email.partition("@")[0]]


def of_date(day):
    """A day as families write it, in years of the Common Era and of the Republic, filled up or not."""
    republic = day.year - 1911
    years = [f"{day.year}", f"{republic:03d}", f"{republic}"]
    written = {year + end for year in years for end in (f"{day:%m%d}", f"{day.month}{day.day}")}
    return sorted(one for one in written if len(one) > 4)  # shorter ones may be anything


class CommonPartsValidator(CommonPasswordValidator):
    """No password of Django's list, and none made of common words, runs, dates and phone numbers."""

    def validate(self, password, user=None):
        is_listed = fold(password).strip() in self.passwords or squeeze(password) in self.passwords
        if is_listed or len(what_is_left(password)) < LEAST_LEFT:
            raise ValidationError(
                _("這個密碼太常見，別人很快就會試到。可以用幾個不相干的詞，連成只有您知道的一句話。"),
                code="password_too_common",
            )

    def get_help_text(self):
        return _("不要用常見的密碼、連續的按鍵、日期或電話號碼。")


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
