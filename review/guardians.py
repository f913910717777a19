"""Whether an applicant is a guardian whom the school has on record (在籍監護人)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core import names
from registry.models import Guardian


class Match(models.TextChoices):
    MATCHED = "matched", _("與在籍監護人相符")
    OTHER_NAME = "other_name", _("證號與在籍監護人相同，姓名不同")
    UNKNOWN = "unknown", _("不在學校登錄的監護人之中")


def guardians_of(student):
    """{fingerprint of the ID number: name} of the guardians on record; empty where the roster named none."""
    known = Guardian.objects.filter(student=student).exclude(identity_fingerprint="")
    return dict(known.values_list("identity_fingerprint", "name"))


def match_of(applicant, guardians):
    """How `applicant` compares with `guardians`; None where there is nobody to compare with."""
    if not guardians:
        return None
    name = guardians.get(applicant.identity_fingerprint)
    if name is None:
        return Match.UNKNOWN
    return Match.MATCHED if names.fold(name) == names.fold(applicant.name) else Match.OTHER_NAME
