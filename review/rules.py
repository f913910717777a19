"""How a school decides its applications: its rules, and the reasons that its reviewers can pick."""

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from audit import log
from binding.reasons import USUAL
from core.compiled import compiled
from registry.models import School
from review.models import ReturnReason, ReviewRules

MOST_REASONS = 20


def reasons_of(school: School) -> list[str]:
    """The school's own list in its order, else the usual ones, in Chinese."""
    return _own_reasons(school=school.pk) or USUAL


@compiled(school=int)
def _own_reasons(school: int) -> QuerySet:
    return ReturnReason.objects.filter(school=school).values_list("text", flat=True)


def _write_reasons(school: School, texts: list[str], by: User) -> None:
    """Make `texts` the school's list; an empty one brings the usual reasons back."""
    ReturnReason.objects.filter(school=school).delete()
    ReturnReason.objects.bulk_create(
        ReturnReason(school=school, text=text, position=position) for position, text in enumerate(dict.fromkeys(texts))
    )
    log.record("return_reasons.written", by=by, target=school, school=school, data={"reasons": len(texts)})


@transaction.atomic
def write_rules(*, school: School, texts: list[str], by: User, **rules: bool | int | None) -> ReviewRules:
    """Keep the reasons `texts` and the switches of `ReviewRules`; of two who press at once the later one stands."""
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    _write_reasons(school, texts, by)
    kept, _created = ReviewRules.objects.update_or_create(school=school, defaults=rules)
    log.record("review_rules.written", by=by, target=kept, school=school, data=rules)
    return kept
