"""What a parent's page of bills shows: open ones first, then those of this school year, by child."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.bills.models import Bill
from billing.payments.models import PaymentPart, Refund
from binding.models import Binding
from core.compiled import compiled

MOST_BILLS = 200
MOST_NOTICES = 10
SOON_DAYS = 3
LATELY = timedelta(days=7)
REFUNDED_LATELY = timedelta(days=14)
LIVE = PaymentPart.objects.filter(is_live=True).select_related("payment")
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
    def total(self):
        return sum(bill.amount for bill in self.payable)


@dataclass(frozen=True)
class Notice:
    """One thing to know. kind: that of a pill; `words` say it, `more` how long or how much."""

    kind: str
    words: str
    bill: object
    more: str = ""


@dataclass
class Overview:
    open: list
    closed: list
    notices: list

    @property
    def total(self):
        return sum(one.total for one in self.open)

    @property
    def count(self):
        return sum(len(one.payable) for one in self.open)


def overview_of(user):
    """Four queries, however many children and years."""
    who = {"account": user.sso_account.pk, "on": timezone.localdate()}
    students = {one.student_id: one.student for one in _bound(**who)}
    bills = [one for one in _shown(**who) if one.student_id in students]  # open ones first
    _note_live(bills, user, _live_parts(**who))
    for bill in bills:
        bill.student = students[bill.student_id]
    open_bills = [one for one in bills if one.state == Bill.State.ISSUED]
    closed = [one for one in bills if one.state != Bill.State.ISSUED]
    refunds = _refunds(**who, user=user.pk, since=timezone.now() - REFUNDED_LATELY)
    return Overview(
        open=_by_school(open_bills, students),
        closed=_by_semester(closed, students),
        notices=_notices(open_bills, closed, refunds),
    )


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
    return shown.order_by("state", "due_on", "pk")[:MOST_BILLS]


@compiled(account=int, on=date)
def _live_parts(account, on):
    return LIVE.filter(bill__student__in=_children(account, on))


@compiled(account=int, on=date, user=int, since=datetime)
def _refunds(account, on, user, since):
    lately = Refund.objects.of_parent(user).filter(bill__student__in=_children(account, on), refunded_at__gte=since)
    return lately.select_related("bill__student").order_by("-refunded_at")[:MOST_NOTICES]


def history_of(user):
    """Bills of former school years that are over, the latest first."""
    bound = Binding.objects.active().filter(account=user.sso_account)
    over = Bill.objects.filter(student__in=bound.values("student"))
    not_closed = [*Bill.NOT_YET, Bill.State.VOID, Bill.State.ISSUED]
    over = over.exclude(state__in=not_closed).exclude(THIS_YEAR)
    over = over.select_related("batch", "school", "student")
    return over.order_by("-batch__school_year", "-batch__semester", "student_id", "due_on", "pk")


def note_live_attempts(bills, user):
    """Set `has_attempt` on each bill: a payment may still bring money; and `attempt`, where it is one's own."""
    _note_live(bills, user, LIVE.filter(bill__in=bills))


def _note_live(bills, user, parts):
    live = {part.bill_id: part.payment for part in parts}
    for bill in bills:
        payment = live.get(bill.pk)
        bill.attempt = payment if payment and payment.started_by_id == user.pk else None
        bill.has_attempt = payment is not None


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


def _notices(open_bills, closed, refunds):
    """One notice a bill: what presses most comes first."""
    now, today = timezone.now(), timezone.localdate()
    overdue = [one for one in open_bills if one.is_overdue]
    soon = [one for one in open_bills if one.is_payable and one.days_left <= SOON_DAYS]
    new = [
        one
        for one in open_bills
        if one.is_payable and one not in soon and one.issued_at and one.issued_at > now - LATELY
    ]
    paid = [one for one in closed if one.state == Bill.State.PAID and one.paid_on > today - LATELY]
    notices = [
        *(Notice("returned", _("已逾期"), one, one.left_in_words) for one in overdue),
        *(Notice("waiting", _("快到期"), one, one.left_in_words) for one in soon),
        *(Notice("todo", _("新的繳費單"), one, one.left_in_words) for one in new),
        *(Notice("paid", _("已繳清"), one) for one in paid),
        *(Notice("done", _("已退款"), one.bill, _("%(amount)s 元") % {"amount": f"{one.amount:,}"}) for one in refunds),
    ]  # fmt: skip
    return notices[:MOST_NOTICES]
