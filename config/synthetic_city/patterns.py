"""Pattern schools: made by the real steps, one after the other, so that the keys of each lie together in every table."""

from dataclasses import dataclass

from django.core.management.base import CommandError
from django.db.models import Max
from django.db.models.functions import Coalesce
from django.utils import timezone

from config.synthetic_city.bills import bills_of_before, bills_of_now, collecting_agent
from config.synthetic_city.families import make_families
from config.synthetic_city.school import make_school
from config.synthetic_city.tables import SHARED, copied_models, has_number, models_of
from notifications.models import Message


@dataclass(frozen=True)
class Pattern:
    """The `number`-th school, and between which keys its rows lie: {model: (after, up to)}."""

    number: int
    keys: dict


def make_pattern(number, people, *, students, class_size, families, password):
    """Make the `number`-th school by the real steps; its mails count as sent. Raises CommandError."""
    before = _last_keys(copied_models())
    others = _counts()
    school = make_school(number, people, students=students, class_size=class_size, password=password)
    collecting_agent(school, number)
    bills_of_before(school)
    make_families(school, people, count=families, password=password)
    bills_of_now(school)
    _send_mails()
    if grown := [label for label, count in _counts().items() if count != others[label]]:
        raise CommandError(f"A school has rows in {', '.join(grown)}: copies would lack them (see tables.py).")
    after = _last_keys(before)
    return Pattern(number, {model: (before[model], after[model]) for model in before})


def _last_keys(models):
    return {
        model: model._base_manager.aggregate(last=Coalesce(Max("pk"), 0))["last"]
        for model in models
        if has_number(model)
    }


def _counts():
    """Rows of tables that one school must not add to: what all share, and what has no number for a key."""
    models = [*models_of(SHARED), *(model for model in copied_models() if not has_number(model))]
    return {model._meta.label: model._base_manager.count() for model in models}


def _send_mails():
    """As the worker leaves them, or it would send them."""
    queued = Message.objects.filter(state=Message.State.QUEUED)
    queued.update(state=Message.State.SENT, sent_at=timezone.now(), attempts=1, **Message.at_end())
