"""Takes a collection file in: looked through at once, posted in chunks by the worker, each line once.

A chunk is one transaction. A worker that dies leaves the rest, and who goes on begins after the last line written.
"""

from datetime import timedelta
from itertools import islice
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit import log
from billing.bills.models import CollectingAgent
from billing.collection.models import CollectionFile, CollectionLine
from billing.collection.reconciliation.knowing import Memory
from billing.collection.reconciliation.matching import bills_of, money_of
from billing.collection.reconciliation.outcomes import foresee
from billing.collection.reconciliation.profiles import PROFILES
from billing.collection.reconciliation.reading import FileRefused, lines_of, look_through
from billing.payments.settling import apply_settlements
from core.identity import blot_out
from core.languages import joined
from core.text import file_name
from registry.models import School

CHUNK = 500


class TakenAlready(Exception):
    """A file of these lines was taken before; `file` is that one."""

    def __init__(self, file):
        super().__init__()
        self.file = file


class AlreadyDecided(Exception):
    """Somebody has posted or thrown away the file meanwhile."""


def take_in(*, school: School, upload: Any, profile: str, by: User, is_to_be_confirmed: bool = False) -> CollectionFile:
    """Keep a sound file that was not taken before, with a forecast. Raises FileRefused or TakenAlready.

    One that is to be confirmed waits for `confirm`; it can be thrown away until then.
    """
    summary = look_through(upload, PROFILES[profile])
    _refuse_others(school, summary)
    upload.seek(0)
    state = CollectionFile.State.CHECKED if is_to_be_confirmed else CollectionFile.State.WAITING
    try:
        with transaction.atomic():
            now = timezone.now()
            taken = CollectionFile.objects.create(
                school=school,
                taken_at=now,
                foreseen_at=now,
                profile=profile,
                name=blot_out(file_name(upload.name)),
                file=upload,
                digest=summary.digest,
                count=summary.count,
                total=summary.total,
                state=state,
                left_out=list(summary.left_out),
                taken_by=by,
            )
            foresee(taken, keeps_lines=is_to_be_confirmed)
            taken.save(update_fields=["foreseen"])
            log.record(
                "collection.taken",
                by=by,
                target=taken,
                school=school,
                data={"lines": summary.count, "total": summary.total, "profile": profile},
            )
    except IntegrityError:
        known = CollectionFile.objects.filter(school=school, digest=summary.digest).first()
        if known is None:
            raise
        raise TakenAlready(known) from None
    return taken


@transaction.atomic
def confirm(*, taken: CollectionFile, by: User) -> None:
    """Let the worker post the file. Raises AlreadyDecided; of two who press at once one wins."""
    checked = CollectionFile.objects.filter(pk=taken.pk, state=CollectionFile.State.CHECKED)
    if not checked.update(state=CollectionFile.State.WAITING, taken_at=timezone.now()):
        raise AlreadyDecided
    taken.foreseen_lines.all().delete()
    log.record("collection.confirmed", by=by, target=taken, school=taken.school)


@transaction.atomic
def throw_away(*, taken: CollectionFile, by: User) -> None:
    """Forget a file of which nothing was posted; it may be taken in again. Raises AlreadyDecided."""
    checked = CollectionFile.objects.select_for_update().filter(pk=taken.pk, state=CollectionFile.State.CHECKED)
    if not checked:
        raise AlreadyDecided
    data = {"lines": taken.count, "total": taken.total}
    log.record("collection.thrown_away", by=by, target=taken, school=taken.school, data=data)
    checked.delete()
    transaction.on_commit(lambda: taken.file.delete(save=False))


def _refuse_others(school, summary):
    """Numbers of bills repeat from school to school where each has a contract of its own."""
    own = set(CollectingAgent.objects.filter(school=school).values_list("collection_code", flat=True))
    if foreign := summary.codes - own:
        words = _("檔案的代收代號（%(codes)s）不是本校的，沒有匯入。請確認拿到的是本校的代收檔。")
        raise FileRefused(words % {"codes": joined(sorted(foreign)[:5])})


def post_file(taken: CollectionFile) -> None:
    """Post what is left of a file."""
    profile = PROFILES[taken.profile]
    last = taken.lines.order_by("-number").values_list("number", flat=True).first() or 0
    with taken.file.open("rb") as file:
        lines = (line for line in lines_of(file, profile) if line.number > last)
        while chunk := list(islice(lines, CHUNK)):
            post_chunk(taken, profile, chunk)
    with transaction.atomic():
        CollectionFile.objects.filter(pk=taken.pk).update(state=CollectionFile.State.DONE)
        log.record("collection.posted", by=taken.taken_by, target=taken, school=taken.school)


@transaction.atomic
def post_chunk(taken, profile, lines):
    """Post some lines. The school's row is held: of two files that tell of the same money, one comes after the other."""
    School.objects.select_for_update(no_key=True).get(pk=taken.school_id)
    taken = CollectionFile.objects.select_for_update(no_key=True).get(pk=taken.pk)
    lines = _not_yet_posted(taken, lines)
    memory = Memory(taken.school_id, profile.account, taken.pk)
    memory.recall([line.code for line in lines])
    sorted_lines = [memory.sort(line) for line in lines]
    bills = bills_of(taken.school_id, profile, [line.code for line in lines])
    news = [one for one in sorted_lines if one.known is None]
    pieces = [money_of(taken.school_id, profile, one, bills.get(one.line.code)) for one in news]
    settlements = apply_settlements(pieces, by=taken.taken_by, notes_paid=False)
    written = {settlement.key: settlement.pk for settlement in settlements}
    CollectionLine.objects.bulk_create(
        CollectionLine(
            file=taken,
            number=one.line.number,
            is_known=one.known is not None,
            settlement_id=written.get(one.key) or one.known.settlement,
        )
        for one in sorted_lines
    )
    taken.done += len(lines)
    taken.save(update_fields=["done"])


def _not_yet_posted(taken, lines):
    """Another worker may have had the file meanwhile."""
    numbers = [line.number for line in lines]
    done = set(taken.lines.filter(number__in=numbers).values_list("number", flat=True))
    return [line for line in lines if line.number not in done]


def is_stuck(taken: CollectionFile) -> bool:
    """Waiting for long: the worker is down, or was stopped in the middle."""
    return taken.state == CollectionFile.State.WAITING and taken.taken_at < timezone.now() - timedelta(hours=1)
