"""What is done with texts and answers."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit import log
from consent.languages import OFFICIAL
from consent.models import ConsentDecision, ConsentText
from registry.models import Student


class NotADraft(Exception):
    """The text is published already."""


class ChangedMeanwhile(Exception):
    """The draft is another one than whoever publishes it has seen."""


class EffectiveInThePast(Exception):
    """Nobody could have read the text on its first day."""


@transaction.atomic
def publish(*, text: ConsentText, by: User, seen: str | None = None) -> ConsentText:
    """Let `text`, with its translations, be what families read from its day on; from now on nothing of it changes.

    `seen`: the `whole_digest` of what `by` was shown. Raises NotADraft, ChangedMeanwhile and EffectiveInThePast.
    """
    text = ConsentText.objects.select_for_update().get(pk=text.pk)
    if text.is_published:
        raise NotADraft
    if seen is not None and seen != text.whole_digest:
        raise ChangedMeanwhile
    if text.effective_on < timezone.localdate():
        raise EffectiveInThePast
    text.published_at = timezone.now()
    text.published_by = by
    text.save()
    digests = {one.language: one.digest for one in text.wordings}
    data = {"version": text.version, "effective_on": text.effective_on.isoformat(), "digests": digests}
    log.record("consent_text.published", by=by, target=text, data=data)
    return text


@transaction.atomic
def record_decision(
    *, student: Student, answer: str, text: ConsentText, by: User, language: str = OFFICIAL
) -> ConsentDecision:
    """Keep a family's answer to `text` as read in `language`; answering the same again changes nothing."""
    # Without the key: rows that refer to the student can be written meanwhile.
    Student.objects.select_for_update(no_key=True).get(pk=student.pk)
    standing = ConsentDecision.objects.latest_of(student)
    if standing and standing.answer == answer and standing.text_id == text.pk:
        return standing
    read = text.in_language(language)
    decision = ConsentDecision.objects.create(
        student=student, answer=answer, text=text, language=read.language, text_digest=read.digest, decided_by=by
    )
    data = {"version": text.version, "language": read.language}
    log.record(f"consent.{answer}", by=by, target=student, school=student.school, data=data)
    return decision
