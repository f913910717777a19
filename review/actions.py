"""Decisions of the homeroom teacher: one applicant, one decision, one mail."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import EmailTaken
from audit import log
from binding.actions.binding import bind
from binding.actions.locks import lock_application
from binding.models import Applicant
from notifications import outbox
from review import permissions, policies
from review.models import PaperForm


@transaction.atomic
def mark_paper_form(*, student, answer, by):
    """Register what the signed paper form says, or take the registration back; a second click changes nothing."""
    current = PaperForm.objects.select_for_update().filter(student=student).first()
    if current and current.answer == answer:
        return current
    paper, _created = PaperForm.objects.update_or_create(
        student=student,
        defaults={"answer": answer, "marked_by": by, "marked_at": timezone.now()},
    )
    log.record("paper_form.marked", by=by, target=student, school=by.school, data={"answer": str(answer)})
    return paper


@transaction.atomic
def approve(*, applicant, revision, by):
    """Approve one applicant: account, binding and mail, or none of them."""
    application, applicant = _lock_for_decision(applicant, revision=revision, by=by)
    policies.check_can_approve(application)
    if permissions.is_barred(applicant):
        raise policies.NotAllowed(str(policies.BARRED))
    applicant.move_to(Applicant.Review.APPROVED, by=by)
    try:
        bind(applicant=applicant, by=by)
    except EmailTaken:
        raise policies.NotAllowed(
            _("這個電子郵件已是另一個人的帳號。請退回，請申請人改用自己的信箱。")
        ) from None
    log.record("applicant.approved", by=by, target=applicant, school=by.school)
    application.settle()
    return applicant


@transaction.atomic
def return_for_changes(*, applicant, reason, revision, by, fields=()):
    """Hand one applicant back with a reason that the parent can act on; `fields` are open then, none means all."""
    return _refuse(applicant, Applicant.Review.RETURNED, "applicant-returned", reason, revision, by, fields)


@transaction.atomic
def reject(*, applicant, reason, revision, by):
    """Refuse one applicant for good; the family may apply anew with somebody else."""
    return _refuse(applicant, Applicant.Review.REJECTED, "applicant-rejected", reason, revision, by)


def _refuse(applicant, review, mail, reason, revision, by, fields=()):
    application, applicant = _lock_for_decision(applicant, revision=revision, by=by)
    if review == Applicant.Review.RETURNED:
        applicant.hand_back(fields, by=by, reason=reason)
    else:
        applicant.move_to(review, by=by, reason=reason)
    student = application.student
    outbox.enqueue(
        mail,
        to=applicant.email,
        about=applicant,
        school=student.school,
        student=student,
        language=application.language,
        context={
            "school": student.school,
            "student_name": student.masked_name,
            "reason": reason,
            "fields": [Applicant.FIELDS[field] for field in Applicant.FIELDS if field in fields],
        },
    )
    data = {"reason": reason, "fields": list(fields)}
    log.record(f"applicant.{review}", by=by, target=applicant, school=by.school, data=data)
    application.settle()
    return applicant


def _lock_for_decision(applicant, *, revision, by):
    """The application and applicant as they are now, for one reviewer at a time."""
    application = lock_application(applicant.application)
    permissions.check_can_decide(by, application)
    applicant = application.applicants.get(pk=applicant.pk)
    applicant.application = application
    permissions.check_not_by_court(by, applicant)
    policies.check_is_fresh(application, applicant, revision=revision)
    return application, applicant
