"""A mail is a function (ADR 25): `@mail` makes the mail itself of one that says what is in it.

    @mail(sensitive=True)
    def password_reset(user, *, link):
        return Draft(to=reader_of(user), about=user, context={"link": link})

    mails.password_reset(user, link=link)  # in the transaction of what it tells of

Its template and its kind have its name: `templates/mail/password-reset.html`. Samples for `/mail/preview/` are in
`config/mail_samples.py`.
"""

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic, ParamSpec

from django.conf import settings
from django.db.models import Model
from django.utils import timezone

from notifications import outbox
from notifications.fields import Sealed
from notifications.models import Message
from notifications.rendering import render

P = ParamSpec("P")
# How each one-time link of ours ends, whatever page it leads to.
ONE_TIME_LINK = re.compile(r"[?&]token=")


@dataclass(frozen=True)
class Reader:
    """Where a person is written to, and in which language, one of settings.LANGUAGES.

    `is_proved`: the mailbox is known to be this person's, so that a child may be called by the full name.
    """

    email: str
    language: str = settings.LANGUAGE_CODE
    is_proved: bool = False


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What one mail says to one reader.

    The template gets `context`, `school` (else the student's) and as `student_name` the student's name, masked while
    the reader's mailbox is not proved. The mail waits in the outbox for `hold`, and does not go out after `not_after`.
    """

    to: Reader
    context: dict[str, Any] = field(default_factory=dict)
    about: Model | None = None
    school: Any = None
    student: Any = None
    hold: timedelta = timedelta()
    not_after: datetime | None = None
    unsubscribe_url: str = ""


class Mail(Generic[P]):
    """One mail of the house. A sensitive one carries a link or a code that opens an account (ADR 22)."""

    def __init__(self, say: Callable[P, Draft], *, sensitive: bool) -> None:
        functools.update_wrapper(self, say)
        self.say, self.is_sensitive = say, sensitive
        self.kind = say.__name__.replace("_", "-")

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Message:
        """Write the mail to the outbox. Raises RuntimeError outside a transaction."""
        outbox.refuse_outside_transaction(self.kind)
        message = self.compose(*args, **kwargs)
        message.save(force_insert=True)
        return message

    def compose(self, *args: P.args, **kwargs: P.kwargs) -> Message:
        """The mail, not in the outbox: to look at, or for `outbox.enqueue_all`."""
        return self.message_of(self.say(*args, **kwargs))

    def message_of(self, draft: Draft) -> Message:
        """Raises ValueError where a mail that is not sensitive has a one-time link in it."""
        student, school = draft.student, draft.school or getattr(draft.student, "school", None)
        named = {"school": school, "student_name": name_of(student, draft.to) if student else ""}
        words = render(self.kind, named | draft.context, to=draft.to.email, language=draft.to.language)
        if not self.is_sensitive and any(ONE_TIME_LINK.search(part) for part in words):
            raise ValueError(f"{self.kind} carries a one-time link, so its function has to say sensitive=True")
        seal = Sealed if self.is_sensitive else str
        until = outbox.retry_deadline() + draft.hold
        return Message(
            kind=self.kind,
            to=draft.to.email,
            subject=words.subject,
            text=seal(words.text),
            html=seal(words.html),
            is_sensitive=self.is_sensitive,
            about_type=draft.about._meta.label_lower if draft.about else "",
            about_id=str(draft.about.pk) if draft.about else "",
            school_id=school.pk if school else None,
            student_id=student.pk if student else None,
            next_attempt_at=timezone.now() + draft.hold,
            retry_until=min(until, draft.not_after) if draft.not_after else until,
            not_after=draft.not_after,
            unsubscribe_url=draft.unsubscribe_url,
        )

    def sent_lately(self, *, about: Model, since: datetime) -> int:
        """How many mails of this kind about `about` were written since then."""
        return Message.objects.about(about).filter(kind=self.kind, created_at__gt=since).count()


def name_of(student: Any, reader: Reader) -> str:
    """What a mail to `reader` calls a child."""
    return student.name if reader.is_proved else student.masked_name


MAILS: dict[str, Mail[...]] = {}


def mail(*, sensitive: bool = False) -> Callable[[Callable[P, Draft]], Mail[P]]:
    """Make a mail of a function that returns its `Draft`, and put it into `MAILS`."""

    def named(say: Callable[P, Draft]) -> Mail[P]:
        made = Mail(say, sensitive=sensitive)
        MAILS[made.kind] = made
        return made

    return named
