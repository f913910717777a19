"""What is unusual about an applicant: reviewers see it, and such an applicant is never approved with a whole class."""

from collections import defaultdict

from django.db import models
from django.utils.translation import gettext_lazy as _

from binding.email_owners import taken_among
from binding.models import Applicant, Application, Binding, CourtOrder, Evidence
from binding.visibility import restricted_among
from core import identity
from registry.models import Guardian

TWO = 2  # a child has two parents; who applies beside them is looked at


class Flag(models.TextChoices):
    GUARDIAN = "guardian", _("以其他關係者身分申請")
    EVIDENCE = "evidence", _("附有證明文件")
    RESIDENT = "resident", _("居留證號")
    EMAIL_KNOWN = "email_known", _("這個電子郵件屬於另一個帳號")
    NAME_DIFFERS = "name_differs", _("證號與在籍監護人相同，姓名不同")
    OTHER_FAMILY = "other_family", _("已綁定不同姓氏的孩子")
    BOUND = "bound", _("已經和這位學生綁定")
    THIRD = "third", _("這位學生已有兩位家長綁定")
    COURT = "court", _("有法院裁定的限制，請由註冊組處理")
    CUSTODY = "custody", _("監護限制中的學生")


def flags_of(applications):
    """{primary key of an applicant: [Flag]} of pending applicants; eight queries, however many they are.

    `applications` come with their students and applicants.
    """
    pending = [
        (application, one)
        for application in applications
        for one in application.applicants.all()
        if one.review == Applicant.Review.PENDING
    ]
    known = _Known(pending)
    return {one.pk: known.flags(application, one) for application, one in pending}


class _Known:
    """What the city knows about these applicants."""

    def __init__(self, pending):
        numbers = {one.identity_fingerprint for _application, one in pending}
        students = {application.student_id for application, _one in pending}
        self.with_others_email = taken_among([one for _application, one in pending])
        self.guardians: dict[int, dict[str, str]] = defaultdict(dict)
        on_record = Guardian.objects.filter(student__in=students, identity_fingerprint__in=numbers)
        for student, number, name in on_record.values_list("student", "identity_fingerprint", "name"):
            self.guardians[student][number] = name
        self.children: dict[str, set[str]] = defaultdict(set)
        bound = Binding.objects.active().filter(account__identity_fingerprint__in=numbers)
        self.bound = set()
        for number, name, student, kind in bound.values_list(
            "account__identity_fingerprint", "student__name", "student", "kind"
        ):
            self.children[number].add(name[:1])
            if kind == Binding.Kind.APPLIED:
                self.bound.add((student, number))
        self.parents: dict[int, int] = defaultdict(int)
        for student in (
            Binding.objects.active()
            .filter(student__in=students, kind=Binding.Kind.APPLIED)
            .values_list("student", flat=True)
        ):
            self.parents[student] += 1
        orders = CourtOrder.objects.standing().filter(student__in=students)
        self.barred = set(orders.values_list("student", "account__identity_fingerprint"))
        self.restricted = restricted_among(students)
        proved = Evidence.objects.filter(application__in={application.pk for application, _one in pending})
        self.with_evidence = set(proved.values_list("application", flat=True))

    def flags(self, application, one):
        number, student = one.identity_fingerprint, application.student
        name_on_record = self.guardians[student.pk].get(number)
        found = {
            Flag.GUARDIAN: application.kind == Application.Kind.GUARDIAN,
            Flag.EVIDENCE: application.pk in self.with_evidence,
            Flag.RESIDENT: identity.kind_of(one.identity_number) != identity.Kind.NATIONAL,
            Flag.EMAIL_KNOWN: one.pk in self.with_others_email,
            Flag.NAME_DIFFERS: name_on_record not in (None, one.name),
            Flag.OTHER_FAMILY: bool(self.children[number] - {student.name[:1]}),
            Flag.BOUND: (student.pk, number) in self.bound,
            Flag.THIRD: self.parents[student.pk] >= TWO,
            Flag.COURT: (student.pk, number) in self.barred,
            Flag.CUSTODY: student.pk in self.restricted,
        }
        return [flag for flag, is_so in found.items() if is_so]
