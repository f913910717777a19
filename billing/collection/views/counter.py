"""Money at the counter: find the bills, take the money, correct what was written down wrongly; the receipt book."""

from django.contrib import messages
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.bills import notify
from billing.bills.models import Bill
from billing.collection import counter, lists, receipts, taken_together
from billing.collection.counter_forms import NONE, CashForm, CorrectForm, SpoiltForm
from billing.collection.models import CounterPayment, Receipt
from core.listing import Filter, Listing, Search
from core.way_back import redirect_on
from registry.access import cashiers_only
from registry.for_pages import dollars
from registry.lists import show_list

LATEST = 10


@cashiers_only
def cash(request):
    """Open bills by whose they are; what stands on a slip leads to its bill at once. Today's payments below."""
    if chosen := _keys(request.GET.getlist("bill")):
        return redirect(_take_address(request.school, chosen))
    listing = _open_bills(request)
    if not listing.is_posted and (bill := Bill.objects.filter(school=request.school).find_number(listing.text)):
        return redirect("billing:cashier-cash-take", request.school.slug, bill.pk)
    today = CounterPayment.objects.for_desk(request.school).filter(taken_at__date=timezone.localdate())
    latest = today.prefetch_related("settlements__bill__student__school_class").order_by("-pk")[:LATEST]
    return show_list(request, "billing/collection/cash.html", listing, {"latest": latest})


def _keys(typed_keys):
    return [int(one) for one in typed_keys if one.isascii() and one.isdigit() and len(one) < 19]


def _take_address(school, keys):
    query = QueryDict(mutable=True)
    query.setlist("with", keys[1:])
    address = reverse("billing:cashier-cash-take", args=[school.slug, keys[0]])
    return f"{address}?{query.urlencode()}" if keys[1:] else address


def _open_bills(request):
    open_bills = Bill.objects.filter(school=request.school, state=Bill.State.ISSUED)
    return Listing(
        request,
        open_bills.select_related("student__school_class", "batch"),
        name="open-bills",
        title=_("待繳的繳費單"),
        columns=lists.OPEN_BILLS,
        search=Search(
            _("學號、姓名、班級或銷帳編號"),
            lambda bills, text: bills.of_whom(request.school, text),
            instead=_("請不要在這裡輸入證號，請用學號、姓名或銷帳編號查詢。"),
        ),
        sort="student",
    )


@cashiers_only
def cash_take(request, pk):
    shown = get_object_or_404(Bill.objects.for_desk(request.school), pk=pk)
    ticked = _keys([*request.GET.getlist("with"), *request.POST.getlist("bills")])
    others = taken_together.open_with(shown, ticked) if shown.state == Bill.State.ISSUED else []
    wanted = set(ticked) & {one.pk for one in others}
    form = CashForm(request.POST or None, bill=shown, others=others, ticked=wanted)
    if request.method == "POST" and form.is_valid() and "reckon" not in request.POST:
        try:
            payment = _take(request, form)
            messages.success(request, _taken(payment))
            return redirect("billing:cashier-counter-payment", request.school.slug, payment.pk)
        except counter.NotOpen as refused:
            blamed = refused.bill or shown
            blamed.refresh_from_db(fields=["state"])
            messages.warning(request, blamed.refused_in_words)
            return redirect("billing:cashier-cash-take", request.school.slug, pk)
        except receipts.ReceiptTaken as known:
            form.refuse(known.receipt)
    context = {"bill": shown, "form": form, "successor": getattr(shown, "replaced_by", None)}
    return render(request, "billing/collection/cash_take.html", context)


def _take(request, form):
    data = form.cleaned_data
    told = {name: data[name] for name in ("account", "given")}
    bills = data["chosen"]
    key = data["key"] or f"{data['receipt']}:{','.join(str(one.pk) for one in bills)}"[:60]
    return counter.take_money(
        bills=bills, amount=data["total"], code=data["receipt"], one_each=bool(data.get("one_each")),
        key=f"{request.school.pk}:{key}", by=request.user, **told,
    )  # fmt: skip


def _taken(payment):
    bills = [one.bill for one in payment.settlements.select_related("bill__student__school_class", "bill__batch")]
    if len(bills) == 1:
        [bill] = bills
        words = _("已收 %(student)s「%(title)s」%(amount)s 元（收據 %(receipt)s）並銷帳。%(told)s")
        about = {"student": bill.student.name, "title": bill.title, "told": notify.how_told(bill)}
    else:
        words = _("已收 %(count)s 張繳費單共 %(amount)s 元（收據 %(receipt)s）並銷帳。")
        about = {"count": len(bills)}
    told = words % {"amount": dollars(payment.amount), "receipt": payment.code, **about}
    if payment.change:
        told += _("收 %(given)s 元，找 %(change)s 元。") % {
            "given": dollars(payment.given),
            "change": dollars(payment.change),
        }
    return told


@cashiers_only
def counter_payment(request, pk):
    """What was taken at one press, and its receipts."""
    shown = _find_payment(request, pk)
    context = {"payment": shown, "money": _money_of(shown), "receipts": shown.receipts.order_by("number")}
    return render(request, "billing/collection/counter_payment.html", context)


@cashiers_only
def counter_correct(request, pk):
    """更正、沖正: what was written down wrongly, with the reason."""
    shown = _find_payment(request, pk)
    money = _money_of(shown)
    form = CorrectForm(request.POST or None, payment=shown, bills=[one.bill for one in money])
    if request.method == "POST" and form.is_valid():
        try:
            right = _correct(request, shown, form)
            messages.success(request, _("已沖正；沖正和更正都記在今天的帳上。"))
            return redirect("billing:cashier-counter-payment", request.school.slug, right.pk)
        except counter.AlreadyReversed:
            messages.info(request, _("這筆收款已經有人沖正了。"))
            return redirect("billing:cashier-counter-payment", request.school.slug, pk)
        except receipts.ReceiptTaken as known:
            form.refuse(known.receipt)
        except counter.NotOpen as refused:
            form.add_error(None, _why_not(refused.bill))
    context = {"payment": shown, "money": money, "form": form}
    return render(request, "billing/collection/counter_correct.html", context)


def _correct(request, payment, form):
    data = form.cleaned_data
    if data["what"] == NONE:
        return counter.reverse(payment=payment, reason=data["reason"], by=request.user)
    return counter.correct(
        payment=payment, bills=form.bills, amount=sum(one.amount for one in form.bills), code=data["receipt"],
        account=data["account"], reason=data["reason"], by=request.user,
    )  # fmt: skip


def _why_not(bill):
    if bill is None:
        return _("這些繳費單不能這樣處理，請重新查詢。")
    bill.refresh_from_db(fields=["state"])
    if bill.state in (Bill.State.REFUND_DUE, Bill.State.PART_REFUNDED, Bill.State.REFUNDED):
        return _("「%(title)s」的款項已列入退款，不能沖正；請先撤銷待退款。") % {"title": bill.title}
    return bill.refused_in_words


def _find_payment(request, pk):
    return get_object_or_404(CounterPayment.objects.for_desk(request.school), pk=pk)


def _money_of(payment):
    return list(payment.settlements.select_related("bill__student__school_class", "bill__batch").order_by("pk"))


@cashiers_only
def receipt_book(request):
    """Numbers that were handed out or are void; spoilt ones are put down here."""
    is_spoilt = request.method == "POST" and "listing" not in request.POST
    form = SpoiltForm(request.POST if is_spoilt else None, school=request.school)
    if is_spoilt and form.is_valid():
        data = form.cleaned_data
        try:
            receipts.spoil(school=request.school, by=request.user, **data)
            messages.success(request, _("已登記作廢，這些號碼不會再用。"))
            return redirect_on(request, "billing:cashier-receipts", request.school.slug)
        except receipts.ReceiptTaken as known:
            form.add_error("first", _("收據 %(receipt)s 已經登記過。") % {"receipt": known.receipt.written})
    listing = Listing(
        request,
        Receipt.objects.filter(school=request.school).select_related("payment", "made_by", "void_by"),
        name="receipts",
        title=_("收據冊"),
        columns=lists.RECEIPTS,
        filters=[Filter("state", lists.STATE, "state", Receipt.State.choices)],
        search=Search(_("收據號碼"), receipts.with_number),
        sort="-made",
    )
    return show_list(request, "billing/collection/receipts.html", listing, {"form": form})
