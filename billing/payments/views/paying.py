"""A parent pays: chooses how, is warned where money may be on its way already, and follows what becomes of it."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_list_or_404, get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import rations
from accounts.pauses import Paused
from billing.bills.models import Bill
from billing.payments import gateways, password_gate
from billing.payments.forms import PayForm
from billing.payments.models import Payment, PaymentPart
from billing.payments.paying import (
    LiveAttempt,
    NotPayable,
    OtherPayment,
    OutOfLimits,
    give_up,
    live_attempts,
    start_payment,
)
from oidc import csp_form_action
from registry.access import parent_only

PAGE = 20
MOST_BILLS = 30
REFRESH_SECONDS = "4"
REFRESH_MINUTES = 10


@parent_only
def pay(request):
    bills = _chosen_bills(request)
    if not bills:
        messages.info(request, _("請先勾選要繳的繳費單。"))
        return redirect("billing:home")
    if len({one.school_id for one in bills}) > 1:
        messages.info(request, _("不同學校的繳費單要分開付款。"))
        return redirect("billing:home")
    if password_gate.is_due(request):
        return password_gate.ask(request, [one.pk for one in bills])
    total = sum(one.amount for one in bills)
    form = PayForm(request.POST or None, amount=total)
    live = live_attempts(bills)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("billing:payment-go", _start(request, bills, form).reference)
        except NotPayable as refused:
            for one in refused.bills:
                words = _("「%(title)s」%(state)s，不需要或不能再付款。")
                messages.warning(request, words % {"title": one.title, "state": one.get_state_display()})
            return redirect("billing:home")
        except LiveAttempt as attempt:
            live = attempt.payments
        except OtherPayment:
            form.renew_key()
            form.add_error(None, _("這一頁先前已經開始了另一筆付款。請確認下面的繳費單和付款方式，再按一次。"))
        except OutOfLimits:
            form.add_error("way", _("這個付款方式不能付這個金額，請選其他方式。"))
        except Paused as paused:
            words = _("短時間內開始太多次付款，請 %(minutes)d 分鐘後再試；已經開始的付款在「付款紀錄」。")
            form.add_error(None, words % {"minutes": paused.minutes})
    context = {"bills": bills, "total": total, "form": form, "live": live}
    return render(request, "billing/payments/pay.html", context)


def _chosen_bills(request):
    typed = (request.POST or request.GET).getlist("bill")[:MOST_BILLS]
    keys = [int(one) for one in typed if one.isascii() and one.isdigit() and len(one) < 19]
    bills = Bill.objects.of_parent(request.user).filter(pk__in=keys).order_by("pk")
    return list(bills.select_related("school", "student__school_class"))


def _start(request, bills, form):
    limit, minutes = settings.PAYMENTS_BEGUN_LIMIT, settings.PAYMENTS_BEGUN_MINUTES
    rations.consume("payment", request.user.pk, limit=limit, minutes=minutes)
    gateway, method = form.chosen
    return start_payment(
        bills=bills,
        gateway=gateway,
        method=method,
        key=form.cleaned_data["key"],
        by=request.user,
        despite=form.warned_of,
    )


@parent_only
def payment_go(request, reference):
    """The last page of ours: says where the next press leads."""
    payment = _own(request, reference)
    gateway = gateways.find(payment.gateway)
    if payment.state != Payment.State.STARTED or gateway is None or not _is_owed(payment, request.user):
        return redirect("billing:payment", reference)
    if password_gate.is_due(request):
        return password_gate.ask(request)
    way = gateway.begin(payment)
    is_form = isinstance(way, gateways.Form)
    context = {"payment": payment, "gateway": gateway, "way": way, "is_form": is_form}
    response = render(request, "billing/payments/payment_go.html", context)
    return csp_form_action.allow(response, way.action) if is_form else response


@parent_only
def payment(request, reference):
    """What became of it. The page asks again by itself while a gateway is still at it; it needs no script."""
    parts = _own_parts(request, reference)
    payment = parts[0].payment
    shown = set(
        Bill.objects.of_parent(request.user).filter(payment_parts__payment=payment).values_list("pk", flat=True)
    )
    mine = {one.bill_id: one.bill.is_payable for one in parts if one.bill_id in shown}
    context = {"payment": payment, "parts": parts, "mine": mine, "is_owed": _all_owed(mine, parts)}
    response = render(request, "billing/payments/payment.html", context)
    age = timezone.now() - payment.started_at
    if payment.state == Payment.State.STARTED and age.total_seconds() < REFRESH_MINUTES * 60:
        response["Refresh"] = REFRESH_SECONDS
    return response


@require_POST
@parent_only
def payment_give_up(request, reference):
    give_up(payment=_own(request, reference), by=request.user)
    return redirect("billing:payment", reference)


@parent_only
def payments(request):
    mine = Payment.objects.of_parent(request.user).order_by("-pk")
    page_obj = Paginator(mine, PAGE).get_page(request.GET.get("page"))
    return render(request, "billing/payments/payments.html", {"page_obj": page_obj})


def _is_owed(payment, user):
    """False where one of its bills was paid otherwise, is void or overdue, or is of a child not bound any more."""
    bills = Bill.objects.of_parent(user).filter(payment_parts__payment=payment)
    return _all_owed({one.pk: one.is_payable for one in bills}, payment.parts.all())


def _all_owed(mine, parts):
    return all(mine.get(part.bill_id) for part in parts)


def _own_parts(request, reference):
    """What a payment of one's own is for. Read at once: a notice that comes meanwhile changes payment and bills together."""
    mine = PaymentPart.objects.filter(payment__started_by=request.user, payment__reference=reference)
    about = ("payment__school", "bill__student__school_class", "bill__school")
    return get_list_or_404(mine.select_related(*about).order_by("bill_id"))


def _own(request, reference):
    return get_object_or_404(Payment.objects.of_parent(request.user), reference=reference)
