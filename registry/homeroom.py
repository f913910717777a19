"""Who is homeroom teacher of which class, from when to when, and who stands in."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from audit import log
from registry.models import HomeroomDuty, SchoolClass
from registry.roles import AccountKind

CHUNK = 1000
BETWEEN = "、"  # between two homeroom teachers in one cell


@transaction.atomic
def assign(
    *,
    school_class: SchoolClass,
    account: str,
    by: Any,
    name: str = "",
    contact: str = "",
    starts_on: date | None = None,
    ends_on: date | None = None,
    is_substitute: bool = False,
) -> HomeroomDuty:
    """Give a class a homeroom teacher or a substitute. The former homeroom teacher's duty ends the day before.

    Assigning the present teacher again only updates name and contact. Left blank, both are taken from what is known. A second
    homeroom teacher stays; becoming the first from being the second is no new duty.
    """
    starts_on = starts_on or timezone.localdate()
    account = account.strip().lower()
    lock_class(school_class)
    if not is_substitute and (known := _make_room(school_class, account, starts_on)):
        known.place, known.name, known.contact = 1, name or known.name, contact or known.contact
        known.save(update_fields=["place", "name", "contact"])
        return known
    school = school_class.school
    duty = HomeroomDuty.objects.create(
        school_class=school_class,
        account=account,
        name=name or known_name(school, account),
        contact=contact or known_contact(school, account),
        is_substitute=is_substitute,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    data = {"account": account, "substitute": is_substitute}
    data |= {"from": str(starts_on), "until": str(ends_on or "")}
    log.record("homeroom.assigned", by=by, target=school_class, school=school, data=data)
    return duty


def _make_room(school_class, account, starts_on):
    """The duty that `account` holds, or None; that of another first homeroom teacher ends."""
    held = list(HomeroomDuty.objects.standing().filter(school_class=school_class))
    known = next((duty for duty in held if duty.account == account), None)
    for duty in held:
        if duty.place == 1 and duty is not known:
            _end_before(duty, starts_on)
    return known


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
def end_duty(*, duty: HomeroomDuty, by: Any, last_day: date | None = None) -> None:
    """End a duty after today, or after `last_day`; one that ended before stays as it is."""
    last_day = last_day or timezone.localdate()
    lock_class(duty.school_class)
    held = HomeroomDuty.objects.filter(pk=duty.pk).first()
    if held is None or held.ends_on and held.ends_on <= last_day:
        return
    if held.starts_on > last_day:
        held.delete()
    else:
        held.ends_on = last_day
        held.save(update_fields=["ends_on"])
    data = {"account": duty.account, "until": str(last_day)}
    log.record("homeroom.ended", by=by, target=duty.school_class, school=duty.school_class.school, data=data)


def lock_class(school_class):
    """Hold the row of a class whose duties are written: of two who assign at once, one comes after the other."""
    SchoolClass.objects.select_for_update(no_key=True).get(pk=school_class.pk)


def lock_classes(pks):
    """Hold many classes, in the order of their keys."""
    list(SchoolClass.objects.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk"))


def follow_roster(named):
    """Make `named` [(class, [(account, name), …two at most], contact)] the homeroom teachers from today on.

    A class for which none is named keeps those it has, and so do substitutes. Returns what `undo_follow` needs.
    """
    lock_classes([school_class.pk for school_class, *_ in named])
    held: dict[int, list] = {}
    for duty in HomeroomDuty.objects.standing().filter(school_class__in=[one.pk for one, *_ in named]):
        held.setdefault(duty.school_class_id, []).append(duty)
    done = Followed()
    for school_class, teachers, contact in named:
        done.add(school_class, held.get(school_class.pk, []), teachers, contact)
    return done.write()


class Followed:
    """What a roster does to the duties of classes, gathered and written at once."""

    def __init__(self):
        self.today = timezone.localdate()
        self.begun, self.ended, self.renamed = [], [], []
        self.undo: dict[str, list] = {"begun": [], "ended": [], "renamed": []}

    def add(self, school_class, held, teachers, contact):
        wanted = dict(teachers)
        known = {duty.account: duty for duty in held}
        for account in wanted.keys() & known.keys():
            self._rename(known[account], wanted[account], contact)
        new = [account for account in wanted if account not in known]
        # Of two that are held, a roster that names another one alone means the first.
        free = [duty for duty in sorted(held, key=lambda one: one.place) if duty.account not in wanted]
        places = {duty.place for duty in held}
        for account in new:
            former = free.pop(0) if free else None
            if former:
                self._end(former)
            place = former.place if former else next(one for one in HomeroomDuty.PLACES if one not in places)
            places.add(place)
            duty = HomeroomDuty(school_class=school_class, account=account, name=wanted[account], contact=contact)
            duty.place, duty.starts_on = place, self.today
            self.begun.append(duty)
        if len(wanted) > 1:
            for former in free:
                self._end(former)

    def _rename(self, duty, name, contact):
        before = [duty.name, duty.contact]
        duty.name, duty.contact = name or duty.name, contact or duty.contact
        if [duty.name, duty.contact] != before:
            self.renamed.append(duty)
            self.undo["renamed"].append([duty.pk, before, [duty.name, duty.contact]])

    def _end(self, duty):
        """Ended yesterday, so that two never share a day; kept, so that an undo finds it."""
        self.undo["ended"].append([duty.pk, duty.starts_on.isoformat()])
        yesterday = self.today - timedelta(days=1)
        duty.starts_on, duty.ends_on = min(duty.starts_on, yesterday), yesterday
        self.ended.append(duty)

    def write(self):
        HomeroomDuty.objects.bulk_update(self.renamed, ["name", "contact"], batch_size=CHUNK)
        HomeroomDuty.objects.bulk_update(self.ended, ["starts_on", "ends_on"], batch_size=CHUNK)
        HomeroomDuty.objects.bulk_create(self.begun, batch_size=CHUNK)
        self.undo["begun"] = [duty.pk for duty in self.begun]
        return self.undo


def changed_since(undo):
    """The name of a class whose teachers were changed by hand since a roster set them, or None."""
    standing = HomeroomDuty.objects.standing().filter(pk__in=undo["begun"]).values_list("pk", flat=True)
    if gone := set(undo["begun"]) - set(standing):
        names = HomeroomDuty.objects.filter(pk__in=gone).values_list("school_class__name", flat=True)
        return names.first() or ""
    return None


def undo_follow(undo):
    """Take back what `follow_roster` did; a name or contact that was changed again since stays."""
    duties = HomeroomDuty.objects.in_bulk([pk for pk, *_ in [*undo["ended"], *undo["renamed"]]])
    lock_classes({duty.school_class_id for duty in duties.values()})
    HomeroomDuty.objects.filter(pk__in=undo["begun"]).delete()
    for pk, starts_on in undo["ended"]:
        if pk in duties:
            duties[pk].starts_on, duties[pk].ends_on = date.fromisoformat(starts_on), None
    for pk, before, after in undo["renamed"]:
        if pk in duties and [duties[pk].name, duties[pk].contact] == after:
            duties[pk].name, duties[pk].contact = before
    fields = ["name", "contact", "starts_on", "ends_on"]
    HomeroomDuty.objects.bulk_update(duties.values(), fields, batch_size=CHUNK)
