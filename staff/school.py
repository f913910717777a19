"""What a school administrator writes of the own school, and how its event log is read."""

from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from audit import log
from audit.models import Event
from registry.models import School

# Words of a kind of events, and with what their codes begin
GROUPS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "login": (_("登入與密碼"), ("login", "logout", "password", "second_factor", "session", "account.")),
    "review": (_("申請與審核"), ("applicant", "application", "paper_form", "consent.", "evidence", "review_rules", "return_reasons")),
    "binding": (_("綁定"), ("binding", "sso_account", "withdrawal", "court_order", "custody", "email_", "mailbox")),
    "roster": (_("名冊與學生"), ("roster", "student", "class", "homeroom", "school", "correction", "deadline", "list", "census")),
    "money": (_("繳費"), ("bill", "payment", "refund", "receipt", "settlement", "collect", "counter", "charges")),
    "staff": (_("教職員"), ("staff",)),
}  # fmt: skip


def narrow_by_group(events: QuerySet[Event], group: str) -> QuerySet[Event]:
    return events.filter(Q(*[("event__startswith", one) for one in GROUPS[group][1]], _connector=Q.OR))


@transaction.atomic
def write(*, school: School, values: dict[str, Any], by: Any) -> bool:
    """Change what families read of the school. Returns whether anything was otherwise; raises ValidationError."""
    if not values:
        return False
    school = School.objects.select_for_update(no_key=True).get(pk=school.pk)
    for name, value in values.items():
        setattr(school, name, value)
    school.full_clean()
    school.save(update_fields=list(values))
    log.record("school.changed", by=by, target=school, school=school, data={"changed": sorted(values)})
    return True
