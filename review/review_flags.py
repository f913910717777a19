"""What is unusual about an applicant: reviewers are told in words, and such an applicant is never approved with a class."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Substr
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from binding.email_owners import with_taken_emails
from binding.models import Applicant, Application, Binding, CourtOrder, CustodyRestriction, Evidence
from binding.models.relationship import is_unlike
from core import identity
from registry.models import Student
from review.guardians import Match, match_of, with_names_on_record

TWO = 2  # a child has two parents; who applies beside them is looked at


class Flag(models.TextChoices):
    GUARDIAN = "guardian", _("以其他關係者身分申請")
    EVIDENCE = "evidence", _("附有證明文件")
    RESIDENT = "resident", _("居留證號")
    OTHER_SEX = "other_sex", _("親屬關係和證號第二碼的性別不同，請和申請書核對")
    EMAIL_KNOWN = "email_known", _("這個電子郵件屬於另一個帳號")
    NAME_DIFFERS = "name_differs", _("證號與在籍監護人相同，姓名不同")
    OTHER_FAMILY = "other_family", _("已綁定不同姓氏的孩子")
    BOUND = "bound", _("已經和這位學生綁定")
    THIRD = "third", _("這位學生已有兩位家長綁定")
    COURT = "court", _("有法院裁定的限制，請由註冊組處理")
    CUSTODY = "custody", _("監護限制中的學生")
    STUDENT = "student", _("證號和本市一位學生的證號相同")

    def told_to(self, *, for_registrar: bool) -> str:
        """In words; whose number it is, is for the registrar alone: it tells of another child."""
        if self == Flag.STUDENT and not for_registrar:
            return str(_("系統比對後，請由註冊組審核"))
        return str(self.label)


def with_facts(applicants: QuerySet[Applicant], on: date, at: datetime) -> QuerySet[Applicant]:
    """Each with all that `flags_on` asks of the register and of bindings, in the same query."""
    student, number = OuterRef("application__student"), OuterRef("identity_fingerprint")
    active = Binding.objects.active(on).order_by()
    own = active.filter(account__identity_fingerprint=number)
    applied = active.filter(student=student, kind=Binding.Kind.APPLIED)
    family_name = Substr(OuterRef("application__student__name"), 1, 1)
    others = own.annotate(family_name=Substr("student__name", 1, 1)).exclude(family_name=family_name)
    parents = applied.values("student").annotate(parents=Count("pk")).values("parents")
    orders = CourtOrder.objects.standing(on).filter(student=student, account__identity_fingerprint=number)
    return with_names_on_record(with_taken_emails(applicants, at)).annotate(
        is_bound_here=Exists(own.filter(student=student, kind=Binding.Kind.APPLIED)),
        is_of_other_family=Exists(others),
        parents_bound=Subquery(parents),
        is_barred_here=Exists(orders),
        is_in_custody_case=Exists(CustodyRestriction.objects.in_force(on).filter(student=student)),
        has_proofs=Exists(Evidence.objects.filter(application=OuterRef("application"))),
        is_students_number=Exists(Student.objects.filter(identity_fingerprint=number)),
    )


def flags_on(application: Application, one: Any) -> list[Flag]:
    """What is unusual about `one` of `with_facts`."""
    found = {
        Flag.GUARDIAN: application.kind == Application.Kind.GUARDIAN,
        Flag.EVIDENCE: one.has_proofs,
        Flag.RESIDENT: identity.kind_of(one.identity_number) != identity.Kind.NATIONAL,
        Flag.OTHER_SEX: is_unlike(one.relationship, one.identity_number),
        Flag.EMAIL_KNOWN: one.email_is_taken,
        Flag.NAME_DIFFERS: match_of(one) == Match.OTHER_NAME,
        Flag.OTHER_FAMILY: one.is_of_other_family,
        Flag.BOUND: one.is_bound_here,
        Flag.THIRD: (one.parents_bound or 0) >= TWO,
        Flag.COURT: one.is_barred_here,
        Flag.CUSTODY: one.is_in_custody_case,
        Flag.STUDENT: one.is_students_number,
    }
    return [flag for flag, is_so in found.items() if is_so]


def flags_of(applications: Iterable[Application]) -> dict[int, list[Flag]]:
    """{primary key of an applicant: [Flag]} of pending applicants; one query, however many they are."""
    of = {one.pk: one for one in applications}
    return {one.pk: flags_on(of[one.application_id], one) for one in pending_with_facts(of)}


def pending_with_facts(applications: Iterable[int]) -> QuerySet[Applicant]:
    pending = Applicant.objects.filter(application__in=list(applications), review=Applicant.Review.PENDING)
    return with_facts(pending, timezone.localdate(), timezone.now())
