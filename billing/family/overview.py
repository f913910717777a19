"""What a parent's page of bills shows, each bill once: open ones first, then those of this school year, by child.

The launcher has the open ones alone.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.bills.models import Bill
from billing.payments import attempts
from binding.models import Binding
from core.compiled import compiled

MOST_BILLS = 200
THIS_YEAR = Q(batch__school_year__gte=F("school__school_year"))


@dataclass
class ChildBills:
    """One child's bills at one school, or those of one semester."""

    student: object
    bills: list = field(default_factory=list)
    heading: str = ""


@dataclass
class OpenAtSchool:
    """What can be paid together: a payment is for one school."""

    school: object
    children: list = field(default_factory=list)

    @property
    def payable(self):
        return [bill for child in self.children for bill in child.bills if bill.can_be_paid]

    @property
    def ticked(self):
        """Beforehand: all that can be paid, but for what is being paid already."""
        return [one for one in self.payable if one.attempt is None]


@dataclass
class Due:
    """Open bills, the most pressing first."""

    bills: list

    @property
    def payable(self):
        return [one for one in self.bills if one.can_be_paid]

    @property
    def overdue(self):
        return [one for one in self.bills if one.is_overdue]

    @property
    def total(self):
        return sum(one.amount for one in self.payable)

    @property
    def to_pay_now(self):
        """What one press can pay: nothing is under way, and all of it is one school's."""
        bills = [one for one in self.payable if one.attempt is None and not one.is_later_part]
        return bills if len({one.school_id for one in bills}) == 1 else []


@dataclass
class Overview:
    due: Due
    open: list
    closed: list


def due_of(user):
    """What the launcher says. One query, two where somebody else is paying."""
    bills = _open(account=user.sso_account.pk, on=timezone.localdate())
    attempts.note(bills, user)
    _note_later_parts(bills)
    return Due(bills)


def overview_of(user):
    """Two queries, however many children and years; one more where somebody else is paying."""
    who = {"account": user.sso_account.pk, "on": timezone.localdate()}
    students = {one.student_id: one.student for one in _bound(**who)}
    bills = [one for one in _shown(**who) if one.student_id in students]  # open ones first
    attempts.note(bills, user)
    _note_later_parts(bills)
    for bill in bills:
        bill.student = students[bill.student_id]
    open_bills = [one for one in bills if one.state == Bill.State.ISSUED]
    closed = [one for one in bills if one.state != Bill.State.ISSUED]
    return Overview(Due(open_bills), _by_school(open_bills, students), _by_semester(closed, students))


def _note_later_parts(bills):
    """Of instalments the earliest open one is what a family pays next."""
    seen = set()
    for bill in sorted(bills, key=lambda one: (one.due_on, one.pk)):
        if bill.part_of_id and bill.state == Bill.State.ISSUED:
            bill.is_later_part = bill.part_of_id in seen
            seen.add(bill.part_of_id)


@compiled(account=int, on=date)
def _bound(account, on):
    bound = Binding.objects.active(on).filter(account=account).select_related("student__school_class")
    return bound.order_by("student__birth_on", "pk")


def _children(account, on):
    return Binding.objects.active(on).filter(account=account).values("student")


@compiled(account=int, on=date)
def _shown(account, on):
    of_children = Bill.objects.filter(student__in=_children(account, on))
    shown = of_children.exclude(state__in=[*Bill.NOT_YET, Bill.State.VOID])
    shown = shown.filter(Q(state=Bill.State.ISSUED) | THIS_YEAR).select_related("batch", "school")
    return attempts.with_attempts(shown).order_by("state", "due_on", "pk")[:MOST_BILLS]


@compiled(account=int, on=date)
def _open(account, on):
    of_children = Bill.objects.filter(student__in=_children(account, on), state=Bill.State.ISSUED, amount__gt=0)
    shown = of_children.select_related("batch", "school", "student")
    return attempts.with_attempts(shown).order_by("due_on", "pk")[:MOST_BILLS]


def history_of(user):
    """Bills of former school years that are over, the latest first."""
    bound = Binding.objects.active().filter(account=user.sso_account)
    over = Bill.objects.filter(student__in=bound.values("student"))
    not_closed = [*Bill.NOT_YET, Bill.State.VOID, Bill.State.ISSUED]
    over = over.exclude(state__in=not_closed).exclude(THIS_YEAR)
    over = over.select_related("batch", "school", "student")
    return over.order_by("-batch__school_year", "-batch__semester", "student_id", "due_on", "pk")


def _by_school(bills, students):
    schools: dict[int, OpenAtSchool] = {}
    children: dict[int, dict[int, ChildBills]] = defaultdict(dict)
    for bill in bills:
        school = schools.setdefault(bill.school_id, OpenAtSchool(bill.school))
        child = children[bill.school_id].get(bill.student_id)
        if child is None:
            child = children[bill.school_id][bill.student_id] = ChildBills(students[bill.student_id])
            school.children.append(child)
        child.bills.append(bill)
    return list(schools.values())


def _by_semester(bills, students):
    """[(student, [ChildBills of a semester, …])], the latest semester first."""
    found = []
    for key, student in students.items():
        semesters = defaultdict(list)
        for bill in bills:
            if bill.student_id == key:
                semesters[bill.batch.school_year, bill.batch.semester].append(bill)
        if semesters:
            latest = sorted(semesters, reverse=True)
            found.append((student, [ChildBills(student, semesters[one], heading_of(*one)) for one in latest]))
    return found


def heading_of(school_year, semester):
    return _("%(year)d 學年度第 %(semester)d 學期") % {"year": school_year, "semester": semester}
