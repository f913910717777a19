"""The family's answer to the privacy notice (步驟 2)."""

from django.db import transaction

from accounts.models import User
from binding.actions import withdrawal
from binding.actions.application import withdraw
from binding.actions.locks import lock_application, lock_family
from binding.models import Application
from consent.actions import record_decision
from consent.languages import OFFICIAL
from consent.models import ConsentDecision, ConsentText
from registry.models import Student


@transaction.atomic
def answer_consent(
    *, student: Student, answer: str, text: ConsentText, by: User, language: str = OFFICIAL
) -> ConsentDecision:
    """Record agreement or refusal to `text` as read in `language`, and return the decision that stands afterwards.

    Refusing withdraws what waits. Where somebody is bound the refusal only asks: each person bound decides
    for the own binding (see `binding.actions.withdrawal`), and an agreement that stands stays until the last
    one agreed. Agreeing takes such a request back. Raises `withdrawal.AskedTooOften`.
    """
    lock_family(student)
    if answer == ConsentDecision.Answer.DECLINED:
        for application in Application.objects.open().filter(student=student):
            # A reviewer may have decided it while we waited for the lock: then its person is asked below.
            if lock_application(application).is_open:
                withdraw(application=application, by=by)
        is_asked = withdrawal.ask_everybody(student=student, text=text, by=by, language=language)
        standing = ConsentDecision.objects.latest_of(student)
        if is_asked and standing and standing.is_agreed:
            return standing
    else:
        withdrawal.take_back(student=student, by=by)
    return record_decision(student=student, answer=answer, text=text, by=by, language=language)
