"""What is known of a student as values that can be kept, compared, shown and put back.

A `StudentChange` keeps such values of the fields that differ. ID numbers stay encrypted in it.
"""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import crypto, identity
from core.formats import display_mobile, roc_short
from core.languages import bracketed, in_a_row
from registry.models import Guardian, Student, StudentChange

TITLES = {
    "school": gettext_lazy("學校"),
    "class_name": gettext_lazy("班級"),
    "seat_number": gettext_lazy("座號"),
    "student_number": gettext_lazy("學號"),
    "name": gettext_lazy("姓名"),
    "identity": gettext_lazy("身分證統一編號"),
    "birth_on": gettext_lazy("出生日期"),
    "status": gettext_lazy("狀態"),
    "guardians": gettext_lazy("在籍監護人"),
}
GUARDIAN_FIELDS = [
    "position", "name", "relationship", "mobile", "email", "identity_cipher", "identity_fingerprint",
]  # fmt: skip


def facts_of(student):
    """A student's values, as JSON can keep them; `class_pk` goes with `class_name`, to put it back."""
    return {
        "school": student.school.name,
        "class_name": student.school_class.name,
        "class_pk": student.school_class_id,
        "seat_number": student.seat_number,
        "student_number": student.student_number,
        "name": student.name,
        "identity": student.identity_cipher,
        "birth_on": student.birth_on.isoformat(),
        "status": str(student.status),
    }


def guardians_of(student):
    """Prefetched guardians as values."""
    return [{field: getattr(one, field) for field in GUARDIAN_FIELDS} for one in student.guardians.all()]


def same_guardians(some, others):
    """Equal but for the ciphers, of which one number has many."""
    return [_without_cipher(one) for one in some] == [_without_cipher(one) for one in others]


def _without_cipher(values):
    return {field: value for field, value in values.items() if field != "identity_cipher"}


def record(student, before, *, cause, by, note="", proof="", on=None, roster_import=None):
    """Keep what differs between `before` (facts) and the student now; None when nothing does. It counts from `on`, or today."""
    after = facts_of(student)
    fields = [field for field in after if before[field] != after[field]]
    if not fields:
        return None
    return StudentChange.objects.create(
        student=student,
        cause=cause,
        old={field: before[field] for field in fields},
        new={field: after[field] for field in fields},
        note=note,
        proof=proof,
        on=on or timezone.localdate(),
        school_id=student.school_id,
        roster_import=roster_import,
        by=by,
    )


def put_back(student, facts):
    """Set the values of `facts` on a student that is not saved yet."""
    for field, value in facts.items():
        if field == "class_pk":
            student.school_class_id = value
        elif field == "identity":
            student.identity_number = crypto.decrypt(value) if value else ""
        elif field == "birth_on":
            student.birth_on = date.fromisoformat(value)
        elif field in {"seat_number", "name", "status", "student_number"}:
            setattr(student, field, value)


def make_guardians(student, values):
    return [Guardian(student=student, **one) for one in values]


@dataclass(frozen=True)
class Difference:
    """One fact: what it was, what it became; both as people read them."""

    title: str
    old: str
    new: str


def differences(old, new):
    """What a person sees of two sets of facts; ID numbers masked."""
    return [
        Difference(str(title), shown(field, old.get(field)), shown(field, new.get(field)))
        for field, title in TITLES.items()
        if field in old or field in new
    ]


def shown(field, value):
    if value in (None, "", []):
        return "－"
    if field == "identity":
        return identity.mask(crypto.decrypt(value))
    if field == "birth_on":
        return roc_short(date.fromisoformat(value))
    if field == "status":
        return str(Student.Status(value).label)
    if field == "guardians":
        return in_a_row(shown_guardian(one) for one in value)
    return str(value)


def shown_guardian(values):
    """王大明（父）A1••••••89 0912-345-678"""
    name = values["name"] + (bracketed(values["relationship"]) if values["relationship"] else "")
    number = identity.mask(crypto.decrypt(values["identity_cipher"])) if values["identity_cipher"] else ""
    mobile = display_mobile(values["mobile"])
    return " ".join(part for part in (name, number, mobile, values["email"]) if part) or _("沒有")
