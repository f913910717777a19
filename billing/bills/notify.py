"""Who is written to about a bill: the parents bound to the child when the mail is written, and again when it goes out."""

from collections import defaultdict

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.bills import mails
from binding.models import Binding, CourtOrder
from notifications import outbox


def issued(bills):
    """Mail the bound parents: a new bill."""
    _write(mails.bill_issued, bills)


def split(bill, parts):
    """Mail the bound parents once: instalments take the place of `bill`."""
    parents = bindings_of({bill.student_id})[bill.student_id]
    outbox.enqueue_all([mails.bill_split.compose(bill, parts, one) for one in parents])


def voided(bills):
    """Mail the bound parents: the bill is void."""
    _write(mails.bill_voided, bills)


def reopened(bills):
    """Mail the bound parents: what was taken for paid is not."""
    _write(mails.bill_reopened, bills)


def _write(mail, bills):
    parents = bindings_of({one.student_id for one in bills})
    outbox.enqueue_all([mail.compose(one, bound) for one in bills for bound in parents[one.student_id]])


def bindings_of(students):
    """{key of the student: bindings of today}, with all that a mail needs."""
    found = defaultdict(list)
    bound = Binding.objects.active().filter(student__in=students, account__user__is_active=True)
    for binding in bound.with_language().select_related("student").order_by("pk"):
        found[binding.student_id].append(binding)
    return found


def is_cut_off(student, *, about_own_money, **person):
    """Whether the person was bound to the child and is not today. Who paid hears of the own money after the child left."""
    known = Binding.objects.filter(student=student, **person).select_related("account__user").order_by("-pk")
    last = known.first()
    if last is None or known.active().filter(account__user__is_active=True).exists():
        return False
    return not (about_own_money and _was_let_go(last))


def _was_let_go(binding):
    """The binding ended because the child left, and no court keeps the person from the child."""
    if binding.end_reason not in (Binding.EndReason.GRADUATED, Binding.EndReason.LEFT):
        return False
    orders = CourtOrder.objects.standing().filter(student=binding.student_id, account=binding.account_id)
    return binding.account.user.is_active and not orders.exists()


def how_told(bill):
    """In words, whether parents hear of what just happened to `bill`; to the cashier, at the end of a message."""
    told = len(bindings_of({bill.student_id})[bill.student_id])
    if told:
        return ngettext("已寄信通知 %(count)d 位家長。", "已寄信通知 %(count)d 位家長。", told) % {"count": told}
    return _("這名學生沒有已綁定的家長，沒有寄信，請另行告知。")
