"""A parent pays: chooses how, is warned where money may be on its way already, and follows what becomes of it."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts import rations
from accounts.pauses import Paused
from billing.bills.models import Bill
from billing.paper.code39 import shown_codes
from billing.payments import attempts, gateways, notify, password_gate
from billing.payments.forms import PayForm
from billing.payments.leaving import let_redirect
from billing.payments.models import Payment
from billing.payments.outcome import Word, outcome_of
from billing.payments.paper_ways import paper_ways
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
WATCH_SECONDS = 4
MAILS_OF_A_CODE = 5  # an hour


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
    form = PayForm(request.POST or None, amount=total, expires_on=min(one.due_on for one in bills))
    live = live_attempts(bills)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("billing:payment-go", _start(request, bills, form).reference)
        except NotPayable as refused:
            for one in refused.bills:
                messages.warning(request, _why_not(one))
            return redirect("billing:home")
        except LiveAttempt as attempt:
            live = attempt.payments
        except OtherPayment:
            form.renew_key()
            form.add_error(None, _("這一頁先前已經開始了另一筆付款。請確認下面的繳費單和付款方式，再按一次。"))
        except OutOfLimits:
            form.add_error("way", _("這個付款方式現在不能用，請選其他方式。"))
        except Paused as paused:
            words = ngettext(
                "短時間內開始太多次付款，請 %(minutes)d 分鐘後再試；已經開始的付款在「付款紀錄」。",
                "短時間內開始太多次付款，請 %(minutes)d 分鐘後再試；已經開始的付款在「付款紀錄」。",
                paused.minutes,
            )
            form.add_error(None, words % {"minutes": paused.minutes})
    attempts.note(bills, request.user)
    context = {"bills": bills, "total": total, "form": form, "live": live, "paper": paper_ways(bills)}
    return let_redirect(render(request, "billing/payments/pay.html", context))


def _chosen_bills(request):
    typed = (request.POST or request.GET).getlist("bill")[:MOST_BILLS]
    keys = [int(one) for one in typed if one.isascii() and one.isdigit() and len(one) < 19]
    bills = Bill.objects.of_parent(request.user).filter(pk__in=keys).order_by("pk")
    return list(attempts.with_attempts(bills.select_related("school", "student__school_class", "batch", "agent")))


def _why_not(bill):
    """Why a bill can't be paid that was open when the page was."""
    title = {"title": bill.title_for_reader()}
    if bill.state == Bill.State.PAID:
        return _("「%(title)s」已經繳清，不用再付。") % title
    if bill.is_overdue:
        return _("「%(title)s」過了繳費期限，請聯絡學校出納組。") % title
    return _("「%(title)s」現在不用付。") % title


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
    """On to the gateway; a page of ours stands before it only where the browser has to post a form there."""
    outcome = outcome_of(request.user, reference)
    payment = outcome.payment
    gateway = gateways.find(payment.gateway)
    if payment.state != Payment.State.STARTED or gateway is None or not outcome.is_owed:
        return redirect("billing:payment", reference)
    if password_gate.is_due(request):
        return password_gate.ask(request)
    if not gateway.ends_by(payment.method, payment.expires_on):
        messages.warning(request, _("這個付款方式已經來不及在繳費期限前完成。請取消這筆付款，改用其他方式。"))
        return redirect("billing:payment", reference)
    way = gateway.begin(payment)
    if isinstance(way, gateways.Redirect):
        return redirect(way.address)
    context = {"payment": payment, "gateway": gateway, "way": way}
    return csp_form_action.allow(render(request, "billing/payments/payment_go.html", context), way.action)


@parent_only
def payment(request, reference):
    """What became of it, or the code to pay with."""
    outcome = outcome_of(request.user, reference)
    context = {
        "outcome": outcome,
        "payment": outcome.payment,
        "barcodes": shown_codes(outcome.payment.barcodes or None),
        "watch": WATCH_SECONDS if outcome.word == Word.WAITING else None,
    }
    return render(request, "billing/payments/payment.html", context)


@require_POST
@parent_only
def payment_mail(request, reference):
    """寄到我的信箱: the code once more."""
    outcome = outcome_of(request.user, reference)
    if outcome.word != Word.CODE:
        return redirect("billing:payment", reference)
    try:
        rations.consume("payment-mail", request.user.pk, limit=MAILS_OF_A_CODE, minutes=60)
    except Paused as paused:
        words = ngettext(
            "短時間內寄了太多次，請 %(minutes)d 分鐘後再試，也請看看垃圾信件匣。",
            "短時間內寄了太多次，請 %(minutes)d 分鐘後再試，也請看看垃圾信件匣。",
            paused.minutes,
        )
        messages.warning(request, words % {"minutes": paused.minutes})
    else:
        with transaction.atomic():
            notify.code_issued(outcome.payment)
        messages.success(request, _("已寄到 %(email)s。") % {"email": request.user.email})
    return redirect("billing:payment", reference)


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


def _own(request, reference):
    return get_object_or_404(Payment.objects.of_parent(request.user), reference=reference)
