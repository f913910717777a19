"""Who is homeroom teacher of which class, from when to when, and who stands in."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from audit import log
from registry.models import HomeroomDuty
from registry.roles import AccountKind


@transaction.atomic
def assign(
    *, school_class, account, by, name="", contact="", starts_on=None, ends_on=None, is_substitute=False
):
    """Give a class a homeroom teacher or a substitute. The former homeroom teacher's duty ends the day before.

    Assigning who already is only updates name and contact. Left blank, both are taken from what is known.
    """
    starts_on = starts_on or timezone.localdate()
    account = account.strip().lower()
    if not is_substitute:
        held = HomeroomDuty.objects.filter(
            school_class=school_class, is_substitute=False, ends_on=None
        ).first()
        if held and held.account == account:
            held.name, held.contact = name or held.name, contact or held.contact
            held.save(update_fields=["name", "contact"])
            return held
        if held:
            _end_before(held, starts_on)
    duty = HomeroomDuty.objects.create(
        school_class=school_class,
        account=account,
        name=name or known_name(school_class.school, account),
        contact=contact or known_contact(school_class.school, account),
        is_substitute=is_substitute,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    log.record(
        "homeroom.assigned",
        by=by,
        target=school_class,
        school=school_class.school,
        data={
            "account": account,
            "substitute": is_substitute,
            "from": str(starts_on),
            "until": str(ends_on or ""),
        },
    )
    return duty


def staff_of(school):
    """Who may be homeroom teacher: the school's own active staff, by account."""
    # Accounts live in a room above; the school leads to them without an import.
    staff = school.users.filter(kind=AccountKind.STAFF, is_active=True).exclude(account="")
    return staff.order_by("account")


def known_name(school, account):
    return staff_of(school).filter(account=account).values_list("name", flat=True).first() or ""


def known_contact(school, account):
    """How families reached this teacher in the last class of the school."""
    duties = HomeroomDuty.objects.filter(school_class__school=school, account=account).exclude(contact="")
    return duties.order_by("-starts_on", "-pk").values_list("contact", flat=True).first() or ""


def _end_before(duty, day):
    """A duty that has not begun never was; one that began stays on the list, ended the day before."""
    if duty.starts_on >= day and duty.starts_on > timezone.localdate():
        duty.delete()
        return
    duty.ends_on = day - timedelta(days=1)
    # Two never share a day, so what began today is kept as yesterday's.
    duty.starts_on = min(duty.starts_on, duty.ends_on)
    duty.save(update_fields=["starts_on", "ends_on"])


@transaction.atomic
def end_duty(*, duty, by, last_day=None):
    """End a duty after today, or after `last_day`."""
    last_day = last_day or timezone.localdate()
    if duty.starts_on > last_day:
        duty.delete()
    else:
        duty.ends_on = last_day
        duty.save(update_fields=["ends_on"])
    log.record(
        "homeroom.ended",
        by=by,
        target=duty.school_class,
        school=duty.school_class.school,
        data={"account": duty.account, "until": str(last_day)},
    )


def follow_roster(named):
    """Make `named` [(class, account, name, contact)] the homeroom teachers from today on.

    Substitutes stay. Returns what an undo needs: [duty begun, duty ended or None], as primary keys.
    """
    today = timezone.localdate()
    pks = [school_class.pk for school_class, *_ in named]
    held = {
        duty.school_class_id: duty
        for duty in HomeroomDuty.objects.filter(is_substitute=False, ends_on=None, school_class__in=pks)
    }
    begun, ended, renamed = [], [], []
    for school_class, account, name, contact in named:
        duty = held.get(school_class.pk)
        if duty and duty.account == account:
            if (name and name != duty.name) or (contact and contact != duty.contact):
                duty.name, duty.contact = name or duty.name, contact or duty.contact
                renamed.append(duty)
            continue
        if duty:
            # Ended yesterday, so that two never share a day; kept, so that an undo finds it.
            duty.starts_on = min(duty.starts_on, today - timedelta(days=1))
            duty.ends_on = today - timedelta(days=1)
            ended.append(duty)
        begun.append(
            HomeroomDuty(
                school_class=school_class, account=account, name=name, contact=contact, starts_on=today
            )
        )
    HomeroomDuty.objects.bulk_update(renamed, ["name", "contact"])
    HomeroomDuty.objects.bulk_update(ended, ["starts_on", "ends_on"])
    HomeroomDuty.objects.bulk_create(begun, batch_size=1000)
    former = {duty.school_class_id: duty.pk for duty in ended}
    return [[duty.pk, former.get(duty.school_class_id)] for duty in begun]


def undo_follow(pairs):
    """Take back what `follow_roster` did."""
    HomeroomDuty.objects.filter(pk__in=[begun for begun, _ in pairs]).delete()
    HomeroomDuty.objects.filter(pk__in=[ended for _, ended in pairs if ended]).update(ends_on=None)
