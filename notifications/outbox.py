"""`outbox.enqueue("account-opened", to=…, context=…)`: a mail that exists exactly if the transaction does."""

import re
from datetime import timedelta
from urllib.parse import quote

from django.conf import settings
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.html import escape

from core import identity
from notifications.fields import Sealed
from notifications.models import Message
from notifications.sensitive import SENSITIVE, check_is_marked
from notifications.signals import message_resent


class TooLate(Exception):
    """The mail is gone, or a worker holds it this moment."""


class WasSensitive(Exception):
    """The mail carried a link or a code, and is empty now: only a new one can be sent."""


def enqueue(kind, **details):
    """Write the mail `templates/mail/<kind>.*` to the outbox; see `draft`.

    Raises RuntimeError outside a transaction.
    """
    refuse_outside_transaction(kind)
    message = draft(kind, **details)
    message.save(force_insert=True)
    return message


def enqueue_all(messages):
    """Write many mails from `draft` at once. Raises RuntimeError outside a transaction."""
    refuse_outside_transaction("mail")
    return Message.objects.bulk_create(messages)


def refuse_outside_transaction(kind):
    if not connection.in_atomic_block:
        raise RuntimeError(f"{kind} is enqueued outside the transaction of what it tells of")


def draft(
    kind,
    *,
    to,
    context,
    about=None,
    school=None,
    student=None,
    language=None,
    unsubscribe_url="",
    not_after=None,
    hold=timedelta(),
):
    """A mail that is not in the outbox yet. It waits there for `hold`; after `not_after` it does not go out.

    ID numbers that people typed are blotted out of it.
    """
    parts = {
        name: without_numbers(part, to)
        for name, part in render(kind, context, language or settings.LANGUAGE_CODE).items()
    }
    check_is_marked(kind, parts.values())
    is_sensitive = kind in SENSITIVE
    if is_sensitive:
        parts |= {name: Sealed(parts[name]) for name in ("text", "html")}
    until = retry_deadline() + hold
    return Message(
        kind=kind,
        to=to,
        about_type=about._meta.label_lower if about else "",
        about_id=str(about.pk) if about else "",
        school_id=school.pk if school else None,
        student_id=student.pk if student else None,
        next_attempt_at=timezone.now() + hold,
        retry_until=min(until, not_after) if not_after else until,
        not_after=not_after,
        unsubscribe_url=unsubscribe_url,
        is_sensitive=is_sensitive,
        **parts,
    )


def without_numbers(text, to):
    """`text` with ID numbers blotted out, but for the recipient's own address and our links, whose tokens are no words."""
    if not identity.is_in(text):
        return text
    kept = "|".join(map(re.escape, dict.fromkeys([to, escape(to), quote(to)])))
    pieces = re.split(rf"({kept}|{re.escape(settings.SITE_URL)}/\S*)", text, flags=re.IGNORECASE)
    return "".join(piece if place % 2 else identity.blot_out(piece) for place, piece in enumerate(pieces))


def sent_lately(kind, *, about, since):
    """How many mails of this kind about `about` were written since then."""
    return Message.objects.about(about).filter(kind=kind, created_at__gt=since).count()


def take_back(messages):
    """Cancel mails that still wait; raises `TooLate`, and cancels none, where one may have gone out.

    Whoever holds the row first has it: the worker that leases it, or the transaction that takes it back.
    """
    held = list(messages.select_for_update().order_by("pk"))
    if any(one.state != Message.State.QUEUED or one.leased_by or one.attempts for one in held):
        raise TooLate
    _stop(Message.objects.filter(pk__in=[one.pk for one in held]))
    return len(held)


def stop(messages):
    """Keep waiting mails from going out; returns how many.

    A worker may hold one of them this very moment: if it goes out it counts as sent, else it is not tried again.
    """
    return _stop(messages.filter(state=Message.State.QUEUED))


def _stop(messages):
    return messages.update(state=Message.State.STOPPED, **Message.at_end())


def give_up_secrets_out_of_time():
    """Give up, and empty, mails with a link or a code whose time is over. Returns how many.

    The worker does so with each mail that it tries; this is for those that wait while no worker runs, or far away.
    """
    over = Message.objects.secrets_out_of_time(timezone.now())
    return over.update(state=Message.State.DEAD, last_error="its time was over", **Message.at_end())


def render(kind, context, language):
    """Subject, text and HTML of a kind of mail, in `language`."""
    context = {"site_url": settings.SITE_URL, **context}
    with translation.override(language):
        subject = render_to_string(f"mail/{kind}.subject.txt", context)
        return {
            "subject": " ".join(subject.split()),
            "text": render_to_string(f"mail/{kind}.txt", context).strip() + "\n",
            "html": render_to_string(f"mail/{kind}.html", context),
        }


def retry_deadline():
    return timezone.now() + timedelta(hours=settings.OUTBOX_RETRY_HOURS)


@transaction.atomic
def resend(*, message, by):
    """Give a dead letter, or a sent one that was lost, another 72 hours; any other, and one too late, stays as it is.

    Raises `WasSensitive` for one that went out with a link or a code, which nobody but its maker can make anew.
    """
    if message.is_sensitive and message.can_be_resent:
        raise WasSensitive
    again = Message.objects.filter(
        pk=message.pk, state__in=[Message.State.SENT, Message.State.DEAD], is_sensitive=False
    )
    changed = again.exclude(not_after__lt=timezone.now()).update(
        state=Message.State.QUEUED,
        attempts=0,
        sent_at=None,
        next_attempt_at=timezone.now(),
        retry_until=retry_deadline(),
        leased_by="",
        leased_until=None,
    )
    message.refresh_from_db()
    if changed:
        message_resent.send(Message, message=message, by=by)
    return message
