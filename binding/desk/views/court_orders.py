"""A court's orders at the registrar's desk."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from audit import log
from binding.actions import court_orders
from binding.desk.forms import CourtOrderForm, LiftForm
from binding.desk.views.bindings import find_binding
from binding.models import CourtOrder
from binding.permissions import NotYours
from binding.views.files import send_inert
from core.states import InvalidMove
from registry.access import registrars_only


@registrars_only
def binding_court(request, pk):
    """登錄法院裁定: number, dates and the paper."""
    binding = find_binding(request, pk)
    form = CourtOrderForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            order = court_orders.enter_order(binding=binding, by=request.user, **form.cleaned_data)
            messages.success(request, _words_of(order))
            return redirect("binding:binding", request.school.slug, pk)
        except court_orders.AlreadyEntered:
            form.add_error("number", _("這個字號的裁定已經登錄。"))
        except NotYours as refusal:
            form.add_error(None, str(refusal))
    return render(request, "binding/desk/court_order.html", {"form": form, "binding": binding})


def _words_of(order):
    if order.state == CourtOrder.State.WAITING:
        return _("已登錄。裁定生效當天，綁定會自動終止。")
    return _("已登錄，綁定已終止。裁定期間，這個人不能再和這位學生綁定。")


@registrars_only
def court_lift(request, pk):
    """撤銷登錄: the court annulled the order, or it was entered by mistake."""
    order = _find(request, pk)
    form = LiftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            court_orders.lift_order(order=order, reason=form.cleaned_data["reason"], by=request.user)
            messages.success(request, _("已撤銷登錄。已經終止的綁定不會恢復，本人可以重新申請。"))
            return redirect("binding:bindings", request.school.slug)
        except InvalidMove:
            form.add_error(None, _("這個裁定已經屆滿或撤銷。"))
        except NotYours as refusal:
            form.add_error(None, str(refusal))
    return render(request, "binding/desk/court_order_lift.html", {"form": form, "order": order})


@registrars_only
def court_file(request, pk):
    order = _find(request, pk)
    with transaction.atomic():
        log.record("court_order.viewed", by=request.user, target=order)
    return send_inert(order.read(), order.content_type, f"court-order-{pk}", shown=order.is_image)


def _find(request, pk):
    orders = CourtOrder.objects.filter(student__school=request.school)
    return get_object_or_404(orders.select_related("student__school_class", "account"), pk=pk)
