"""Whether an applicant is a guardian whom the school has on record (在籍監護人)."""

from django.db import models
from django.db.models import Exists, OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from core import names
from registry.models import Guardian


class Match(models.TextChoices):
    MATCHED = "matched", _("與在籍監護人相符")
    OTHER_NAME = "other_name", _("證號與在籍監護人相同，姓名不同")
    UNKNOWN = "unknown", _("學校名冊查無此監護人")


def with_names_on_record(applicants):
    """Each with `name_on_record`, of the guardian with this ID number, and `has_guardians`: whether the roster named any."""
    known = Guardian.objects.filter(student=OuterRef("application__student")).exclude(identity_fingerprint="")
    same = known.filter(identity_fingerprint=OuterRef("identity_fingerprint")).order_by("-position")
    return applicants.annotate(name_on_record=Subquery(same.values("name")[:1]), has_guardians=Exists(known))


def match_of(applicant):
    """How `applicant`, read so, compares with the guardians on record; None where there is nobody to compare with."""
    if not applicant.has_guardians:
        return None
    name = applicant.name_on_record
    if name is None:
        return Match.UNKNOWN
    return Match.MATCHED if names.fold(name) == names.fold(applicant.name) else Match.OTHER_NAME
