"""How a school decides its applications."""

from django.db import transaction

from audit import log
from review.models import ReviewRules
from review.reasons import write_reasons


@transaction.atomic
def write_rules(*, school, texts, by, **rules):
    """Keep the reasons `texts` and the switches of `ReviewRules`."""
    write_reasons(school=school, texts=texts, by=by)
    kept, _created = ReviewRules.objects.update_or_create(school=school, defaults=rules)
    log.record("review_rules.written", by=by, target=kept, school=school, data=rules)
    return kept
