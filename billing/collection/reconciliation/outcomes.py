"""What each line of a file that waits would come to, kept as rows while the cashier looks; and the own file with it marked."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.collection.models import CollectionFile, ForeseenLine
from billing.collection.reconciliation import tables
from billing.collection.reconciliation.forecast import Forecaster
from billing.collection.reconciliation.profiles import PROFILES, Delimited
from billing.collection.reconciliation.reading import FileRefused, lines_of, look_through
from billing.payments.models import Settlement
from core.languages import labelled
from core.spreadsheets import RowError, mark_errors

NOTHING = ""  # a line that is booked, or was before, wants nobody's look


def foresee(taken: CollectionFile, *, keeps_lines: bool = True) -> None:
    """Set the forecast of `taken` and write its lines anew; the caller holds the row and saves it."""
    profile = PROFILES[taken.profile]
    taken.foreseen_lines.all().delete()

    def write(found):
        ForeseenLine.objects.bulk_create(_row(taken, *one) for one in found)

    forecaster = Forecaster(taken.school, profile, write if keeps_lines else None)
    with taken.file.open("rb") as file:
        for line in lines_of(file, profile):
            forecaster.add(line)
    taken.foreseen = forecaster.finish().as_dict()


def _row(taken, line, bill, outcome, why):
    return ForeseenLine(
        file=taken, number=line.number, sheet=line.sheet[:100], line=line.line, code=line.code, amount=line.amount,
        paid_on=line.paid_on, channel=line.channel, reference=line.reference, bill_id=bill.pk if bill else None,
        outcome=outcome, why=why,
    )  # fmt: skip


@transaction.atomic
def foresee_again(taken: CollectionFile) -> CollectionFile:
    """A file that waits, with its forecast as it is now: made anew where other money came meanwhile."""
    held = CollectionFile.objects.select_for_update(of=("self",), no_key=True).select_related("school")
    taken = held.get(pk=taken.pk)
    since = Settlement.objects.filter(school=taken.school_id, told_at__gt=taken.foreseen_at)
    if taken.state == CollectionFile.State.CHECKED and since.exists():
        taken.foreseen_at = timezone.now()
        foresee(taken)
        taken.save(update_fields=["foreseen", "foreseen_at"])
    return taken


def can_be_marked(profile: str) -> bool:
    """A table has cells to mark; a file of records of one length has none."""
    return isinstance(PROFILES[profile].form, Delimited)


def file_with_outcomes(taken: CollectionFile) -> bytes:
    """The cashier's own file as .xlsx, with the lines that somebody has to look at marked, and why."""
    rows = taken.foreseen_lines.filter(outcome__in=ForeseenLine.TO_LOOK_AT)
    errors = [RowError(one.line, NOTHING, words_of(one), sheet=one.sheet) for one in rows.iterator(2000)]
    with taken.file.open("rb") as file:
        return _marked(file.read(), errors, taken.profile)


def words_of(line: ForeseenLine) -> str:
    """要查明：金額和繳費單不同"""
    outcome = str(line.get_outcome_display())
    return labelled(outcome) + _(line.why) if line.why else outcome


def file_with_problems(upload, profile: str) -> bytes:
    """A refused file (binary) as .xlsx, with what is wrong marked in its cells. Raises UnreadableFile."""
    try:
        look_through(upload, PROFILES[profile])
        errors = []
    except FileRefused as refused:
        errors = refused.errors
    upload.seek(0)
    return _marked(upload.read(), errors, profile)


def _marked(data, errors, profile):
    known = tables.titles_of(PROFILES[profile].form)
    return mark_errors(data, errors, known, is_enough=tables.is_enough, name=_("代收檔"))
