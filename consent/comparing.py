"""What a consent text says otherwise than the one before, and whom it is read by."""

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import NamedTuple

from django.db.models import Count, OuterRef, Q, Subquery

from consent.models import ConsentDecision, ConsentText
from registry.models import Student


class Line(NamedTuple):
    """`kind`: "same", "added" or "removed"."""

    kind: str
    words: str


def text_before(text: ConsentText) -> ConsentText | None:
    """The published version that families read until this one takes effect."""
    earlier = ConsentText.objects.published().exclude(pk=text.pk).filter(effective_on__lte=text.effective_on)
    if text.published_at:
        earlier = earlier.filter(published_at__lt=text.published_at)
    return earlier.order_by("-effective_on", "-published_at").first()


def differences(old: ConsentText, new: ConsentText) -> list[Line]:
    """Line by line, the six lines of the summary before the body; what was removed stands before what came in its place."""
    before, after = _lines(old), _lines(new)
    found: list[Line] = []
    for what, start, end, new_start, new_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            found += [Line("same", words) for words in before[start:end]]
            continue
        found += [Line("removed", words) for words in before[start:end]]
        found += [Line("added", words) for words in after[new_start:new_end]]
    return found


def _lines(text):
    summary = [f"{part.label}：{part.words}" for part in text.summary]
    return [*summary, *(line for line in text.body.splitlines() if line.strip())]


def languages_lost(old: ConsentText, new: ConsentText) -> list[str]:
    """The names of the languages in which the old one could be read and the new one cannot."""
    kept = {one.language for one in new.wordings}
    return [one.language_name for one in old.wordings if one.language not in kept]


@dataclass(frozen=True)
class Readers:
    """Families of students enrolled now, by the answer that stands.

    Nobody who answered is asked again; the `unanswered` read this version from its day on.
    """

    agreed: int
    declined: int
    unanswered: int


def readers() -> Readers:
    """One query."""
    last = ConsentDecision.objects.filter(student=OuterRef("pk")).order_by("-pk").values("answer")[:1]
    counted = Student.objects.of_this_year().annotate(last=Subquery(last))
    found = counted.aggregate(
        families=Count("pk"),
        agreed=Count("pk", filter=Q(last=ConsentDecision.Answer.AGREED)),
        declined=Count("pk", filter=Q(last=ConsentDecision.Answer.DECLINED)),
    )
    return Readers(found["agreed"], found["declined"], found["families"] - found["agreed"] - found["declined"])
