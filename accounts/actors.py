"""Who did what, in words for a reader: names for staff, and for a family no account at all."""

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from accounts.models import User
from registry.roles import AccountKind


def with_staff_names(events):
    """Each with `staff_name`: the actor's, where it is one of the staff who has a name."""
    staff = User.objects.filter(pk=OuterRef("actor_id"), kind=AccountKind.STAFF).exclude(name="")
    return events.annotate(staff_name=Subquery(staff.values("name")))


def names_of_actors(events):
    """Key of each account in `events` → what a timeline calls it; one query at most, none after `with_staff_names`.

    Staff without a name keep their account; events of the system have no actor and no entry.
    """
    names = {}
    for event in events:
        if event.actor_kind == AccountKind.FAMILY:
            names[event.actor_id] = _("家長帳號")
        elif event.actor_kind == AccountKind.PARENT:
            names[event.actor_id] = _("本人")
        elif event.actor_id:
            names[event.actor_id] = event.actor_label.rpartition("/")[2]
    staff = {event.actor_id for event in events if event.actor_kind == AccountKind.STAFF}
    if all(hasattr(event, "staff_name") for event in events):
        names.update({event.actor_id: event.staff_name for event in events if event.staff_name})
    elif staff:
        names.update(User.objects.filter(pk__in=staff).exclude(name="").values_list("pk", "name"))
    return names
