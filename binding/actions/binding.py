from django.db import transaction

from accounts.actions import open_sso_account, renew_initial_password
from accounts.oidc import sign_ons
from audit import log
from binding.models import Binding
from notifications import outbox


@transaction.atomic
def bind(*, applicant, by):
    """Give the applicant the child: open or find the SSO account, link it, mail its owner.

    The mail goes to the address of the account, which may be an older one than the application names.
    Raises `accounts.actions.EmailTaken`.
    """
    student = applicant.application.student
    opened = open_sso_account(
        name=applicant.name,
        identity_number=applicant.identity_number,
        mobile=applicant.mobile,
        email=applicant.email,
        by=by,
    )
    binding, created = Binding.objects.get_or_create(
        account=opened.account,
        student=student,
        state=Binding.State.ACTIVE,
        defaults={"applicant": applicant, "relationship": applicant.relationship},
    )
    if created:
        log.record("binding.started", by=by, target=binding, school=student.school)
        send_account_mail(binding, "account-opened" if opened.is_new else "child-added")
    return binding


def send_account_mail(binding, kind):
    student = binding.student
    outbox.enqueue(
        kind,
        to=binding.account.user.email,
        about=binding,
        school=student.school,
        student=student,
        language=binding.applicant.application.language,
        context={
            "school": student.school,
            "student_name": student.masked_name,
            "class_name": student.school_class.name,
            "initial_until": binding.account.initial_until,
        },
    )


@transaction.atomic
def renew_opening(*, binding, by):
    """Let the initial password work again and mail its owner once more."""
    renew_initial_password(account=binding.account, by=by)
    binding.account.refresh_from_db()
    send_account_mail(binding, "account-opened")


@transaction.atomic
def end_binding(*, binding, reason, by):
    """End a binding and tell the parent concerned, and nobody else."""
    binding = (
        Binding.objects.select_for_update(of=("self",))
        .select_related("account__user", "student__school", "student__school_class", "applicant__application")
        .get(pk=binding.pk)
    )
    if binding.state != Binding.State.ENDED:
        end_locked(binding, reason, by)
    return binding


def end_locked(binding, reason, by):
    """End a binding whose row the caller holds; services that were told of the child hear that this is over."""
    binding.end(reason)
    sign_ons.end_scope(binding.account.user, "children")
    log.record(
        "binding.ended", by=by, target=binding, school=binding.student.school, data={"reason": str(reason)}
    )
    outbox.enqueue(
        "binding-ended",
        to=binding.account.user.email,
        about=binding,
        school=binding.student.school,
        student=binding.student,
        language=binding.applicant.application.language,
        context={
            "school": binding.student.school,
            "student_name": binding.student.masked_name,
            "reason": binding.get_end_reason_display(),
        },
    )
