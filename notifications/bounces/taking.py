"""What follows from a bounce. Whatever is not proved to answer a mail of ours changes nothing."""

import logging
from datetime import timedelta
from email.message import Message as Letter
from enum import StrEnum

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from notifications.bounces import envelope, reading
from notifications.bounces.verdict import Refusal, outcome_of
from notifications.models import GoneAddress, Message, Outcome
from notifications.signals import message_bounced

logger = logging.getLogger(__name__)


class Taken(StrEnum):
    """How a letter to the bounce mailbox was taken."""

    GONE = "gone"
    LOST = "lost"
    REFUSED = "refused"
    NO_FAILURE = "no failure"  # delayed, delivered, or no report at all: a vacation reply, a question of a filter
    REPEATED = "repeated"
    TOO_LATE = "too late"
    FORGED = "forged"
    FOREIGN = "foreign"


@transaction.atomic
def take(raw: bytes, *, recipient: str = "") -> Taken:
    """Read a letter and write down what it says of a mail of ours.

    `recipient` is the address on its envelope, where the relay names it; else it is looked for in the headers.
    """
    letter = reading.read(raw)
    message, taken = _message_of(letter, recipient)
    if message is not None:
        taken = _take_of(message, letter)
    logger.log(logging.WARNING if taken == Taken.FORGED else logging.INFO, "a bounce (%s): %s", message or "-", taken)
    return taken


def _message_of(letter: Letter, recipient: str) -> tuple[Message | None, Taken]:
    """The message whose envelope sender it was sent to, locked; or why there is none."""
    named = envelope.key_of(recipient) or envelope.key_of(reading.arrived_at(letter))
    if named is None:
        return None, Taken.FOREIGN
    key, signature = named
    message = Message.objects.select_for_update(of=("self",)).filter(pk=key).first()
    if message is None or not envelope.is_signed(message, signature):
        return None, Taken.FORGED
    return message, Taken.NO_FAILURE


def _take_of(message: Message, letter: Letter) -> Taken:
    failure = None if reading.is_from_a_person(letter) else _failure_of(message, letter)
    if failure is None:
        return Taken.NO_FAILURE
    # One that came back before the worker wrote down that it went out has no time yet.
    if message.sent_at and message.sent_at < timezone.now() - timedelta(days=settings.BOUNCE_DAYS):
        return Taken.TOO_LATE
    if message.bounced_as:
        return Taken.REPEATED
    outcome, refusal = failure
    for name, value in came_back(outcome, refusal).items():
        setattr(message, name, value)
    message.save(update_fields=["bounced_as", "bounced_at", "server_code", "server_words"])
    follow_up(message)
    return Taken(outcome.value)


def _failure_of(message: Message, letter: Letter) -> tuple[Outcome, Refusal] | None:
    """What the letter says of the address of `message`.

    One about other addresses alone comes from somewhere behind it, where its owner has mails sent on: the address exists.
    """
    elsewhere = None
    for report in reading.reports_in(letter):
        outcome = outcome_of(report.refusal)
        if outcome and reading.is_about(report, message.to):
            return outcome, report.refusal
        if outcome:
            elsewhere = Outcome.REFUSED, report.refusal
    return elsewhere


def came_back(outcome: Outcome, refusal: Refusal) -> dict[str, object]:
    """Fields of a message that came back."""
    return {"bounced_as": outcome, "bounced_at": timezone.now(), **refusal.kept}


def follow_up(message: Message) -> None:
    """Tell the rooms above that `message` came back; no mails go to its address any longer where that is gone.

    So is one that lost as many mails as BOUNCES_LOST in BOUNCE_DAYS. Two that are read in the same moment may each miss
    the other: then the next one counts.
    """
    message_bounced.send(Message, message=message)
    if message.bounced_as == Outcome.GONE or _lost_lately(message) >= settings.BOUNCES_LOST:
        answer = {"server_code": message.server_code, "server_words": message.server_words}
        GoneAddress.objects.get_or_create(email=message.to, defaults=answer)


def _lost_lately(message: Message) -> int:
    since = timezone.now() - timedelta(days=settings.BOUNCE_DAYS)
    lost = Message.objects.filter(to=message.to, bounced_as=Outcome.LOST, bounced_at__gt=since)
    return lost.count() if message.bounced_as == Outcome.LOST else 0
