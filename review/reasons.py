"""The reasons that reviewers of a school can pick for handing an application back."""

from django.db import transaction

from audit import log
from binding.reasons import USUAL
from review.models import ReturnReason

MOST = 20


def reasons_of(school):
    """The school's own list in its order, else the usual ones, in Chinese."""
    own = list(ReturnReason.objects.filter(school=school).values_list("text", flat=True))
    return own or USUAL


@transaction.atomic
def write_reasons(*, school, texts, by):
    """Make `texts` the school's list; an empty one brings the usual reasons back."""
    ReturnReason.objects.filter(school=school).delete()
    ReturnReason.objects.bulk_create(
        ReturnReason(school=school, text=text, position=position)
        for position, text in enumerate(dict.fromkeys(texts))
    )
    log.record("return_reasons.written", by=by, target=school, school=school, data={"reasons": len(texts)})
