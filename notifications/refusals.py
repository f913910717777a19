"""What a mail server says while it is given a mail: what is final, and what is no fault of the address."""

import smtplib

from django.db import transaction

from notifications import retries
from notifications.bounces.taking import came_back, follow_up
from notifications.bounces.verdict import Refusal, outcome_of
from notifications.models import Message

FINAL = 500  # reply codes from here on are a no
TOO_LARGE = 552


@transaction.atomic
def settle(message: Message, error: smtplib.SMTPRecipientsRefused | smtplib.SMTPResponseException) -> None:
    """Write down that the mail did not go out, with the server's words; later again, or given up.

    A no to the recipient or to the mail itself is final. One to us, to the sender or to relaying, is for the operators to
    put right, and is tried again as any trouble is.
    """
    code, words = _answer(error)
    refusal = Refusal("failed", words=f"{code} {words}")
    is_final = code >= FINAL and not _is_no_to_us(error, code, refusal)
    outcome = outcome_of(refusal) if is_final and not isinstance(error, smtplib.SMTPSenderRefused) else None
    answer = came_back(outcome, refusal) if outcome else refusal.kept
    said = f"{type(error).__name__} {code} {refusal.code if refusal.code != str(code) else ''}".strip()
    retries.settle_failure(message, said, is_final=is_final, **answer)
    message.refresh_from_db()
    if message.bounced_as:  # not where another worker has it by now
        follow_up(message)


def _answer(error: smtplib.SMTPRecipientsRefused | smtplib.SMTPResponseException) -> tuple[int, str]:
    is_of_recipient = isinstance(error, smtplib.SMTPRecipientsRefused)
    answers = error.recipients.values() if is_of_recipient else [(error.smtp_code, error.smtp_error)]
    code, words = next(iter(answers))
    return code, words.decode(errors="replace") if isinstance(words, bytes) else str(words)


def _is_no_to_us(error: Exception, code: int, refusal: Refusal) -> bool:
    if isinstance(error, smtplib.SMTPSenderRefused):
        return code != TOO_LARGE
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return refusal.code.startswith("5.7.") or "relay" in refusal.words.lower()
    return not isinstance(error, smtplib.SMTPDataError)
