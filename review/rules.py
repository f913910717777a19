"""How a school decides its applications."""

from django.db import transaction

from audit import log
from registry.models import School
from review.models import ReviewRules
from review.reasons import write_reasons


@transaction.atomic
def write_rules(*, school, texts, by, **rules):
    """Keep the reasons `texts` and the switches of `ReviewRules`; of two who press at once the later one stands."""
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    write_reasons(school=school, texts=texts, by=by)
    kept, _created = ReviewRules.objects.update_or_create(school=school, defaults=rules)
    log.record("review_rules.written", by=by, target=kept, school=school, data=rules)
    return kept
