"""法院裁定 at the registrar's desk."""

from functools import partial

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from binding.actions import court_orders
from binding.desk.bindings import find_binding
from binding.desk.forms import CourtOrderForm
from binding.desk.papers import lift, open_paper
from binding.models import CourtOrder
from binding.own_family import NotYours
from core.way_back import redirect_back, redirect_on
from registry.access import registrars_only
from registry.waiting_files import Waiting


@registrars_only
def binding_court(request, pk):
    """登錄法院裁定: number, dates and the paper."""
    binding = find_binding(request, pk)
    waiting = Waiting(request, "document", f"court-order-{pk}")
    form = CourtOrderForm(request.POST or None, waiting.files)
    if request.method == "POST" and form.is_valid():
        try:
            order = court_orders.enter_order(binding=binding, by=request.user, **form.cleaned_data)
            waiting.let_go()
            messages.success(request, _words_of(order))
            return redirect_on(request, "binding:binding", request.school.slug, pk)
        except court_orders.AlreadyEntered:
            form.add_error("number", _("這個字號的裁定已經登錄。"))
        except NotYours as refusal:
            form.add_error(None, str(refusal))
    waiting.keep(form)
    return render(request, "binding/desk/court_order.html", {"form": form, "binding": binding})


def _words_of(order):
    if order.state == CourtOrder.State.WAITING:
        return _("已登錄。裁定生效當天，綁定會自動終止。")
    return _("已登錄，綁定已終止。裁定期間，這個人不能再和這位學生綁定。")


@registrars_only
def court_lift(request, pk):
    """撤銷登錄: the court annulled the order, or it was entered by mistake."""
    order = _find(request, pk)
    action = partial(court_orders.lift_order, order=order)
    form, is_lifted = lift(request, action, already=_("這個裁定已經屆滿或撤銷。"))
    if is_lifted:
        messages.success(request, _("已撤銷登錄。已經終止的綁定不會恢復，本人可以重新申請。"))
        return redirect_back(request, "binding:bindings", request.school.slug)
    return render(request, "binding/desk/court_order_lift.html", {"form": form, "order": order})


@registrars_only
def court_file(request, pk):
    return open_paper(_find(request, pk), event="court_order.viewed", by=request.user, name="court-order")


def _find(request, pk):
    orders = CourtOrder.objects.of_registrar(request.user)
    return get_object_or_404(orders.select_related("student__school_class", "account"), pk=pk)
