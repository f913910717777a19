"""A school opens its pages to families and staff, or closes them."""

from typing import Any

from django.db import transaction

from audit import log
from registry.models import School


@transaction.atomic
def switch(*, school: School, is_active: bool, by: Any) -> bool:
    """From the next request on; nothing that is kept changes. Returns whether it was otherwise before."""
    school = School.objects.select_for_update(no_key=True).get(pk=school.pk)
    if school.is_active == is_active:
        return False
    school.is_active = is_active
    school.save(update_fields=["is_active"])
    log.record("school.opened" if is_active else "school.closed", by=by, target=school, school=school)
    return True
