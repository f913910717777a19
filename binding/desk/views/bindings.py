"""The registrar's desk after approval: who is bound to whom, and the end of a binding."""

from functools import partial

from django.contrib import messages
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from binding.actions.ending import end_by_registrar
from binding.desk.bindings import (
    STATES,
    bindings_of,
    find_binding,
    history_of,
    kept_from_teachers,
    of_state,
    with_words,
)
from binding.desk.forms import EndForm
from binding.models import CourtOrder, EmailCorrection, PersonCorrection, Withdrawal, WithdrawalAnswer
from binding.own_family import NotYours
from core.emails import mask as mask_email
from core.listing import Column, Filter, Listing, Search
from core.way_back import redirect_on
from registry.access import registrars_only
from registry.lists import show_list

BY_SEAT = ("student__school_class__sort_key", "student__school_class__name", "student__seat_number", "student")
COLUMNS = (
    Column("class", gettext_lazy("班級"), lambda one: one.student.school_class.name, order=BY_SEAT, width=10),
    Column("seat", gettext_lazy("座號"), lambda one: one.student.seat_number, is_number=True, width=8),
    Column("student", gettext_lazy("學生"), lambda one: one.student.name, order=("student__name",)),
    Column("person", gettext_lazy("綁定的人"), lambda one: one.account.name, order=("account__name",)),
    Column("relationship", gettext_lazy("關係"), lambda one: one.get_relationship_display(), order=("relationship",)),
    Column("email", gettext_lazy("電子郵件"), lambda one: mask_email(one.account.user.email), width=28),
    Column("started", gettext_lazy("綁定時間"), lambda one: one.started_at, order=("started_at",)),
    Column("state", gettext_lazy("狀態"), lambda one: one.get_state_display(), order=("state",)),
    Column("last_day", gettext_lazy("最後一天"), lambda one: one.last_day, is_shown=False),
)


@registrars_only
def binding_list(request):
    listing = Listing(
        request,
        bindings_of(request.school),
        name="bindings",
        title=pgettext("many", "親子綁定"),
        columns=COLUMNS,
        filters=[
            Filter("state", _("狀態"), of_state, list(STATES.items()), default="active"),
            Filter("student", _("這位學生"), "student"),
        ],
        search=Search(
            _("學號、學生姓名、班級或家長姓名"),
            partial(with_words, school=request.school),
            instead=_("請不要在這裡輸入證號，請用學號或姓名查詢。"),
        ),
        sort="class",
    )
    return show_list(request, "binding/desk/bindings.html", listing, {"barred": kept_from_teachers(request.school)})


@registrars_only
def binding_page(request, pk):
    """Who is bound, since when and by whose approval; what was done since, what can be done now."""
    binding = find_binding(request, pk)
    change = EmailCorrection.objects.pending().filter(account=binding.account_id)
    asked = WithdrawalAnswer.objects.usable().filter(binding=binding)
    orders = CourtOrder.objects.filter(student=binding.student_id, account=binding.account_id)
    context = {
        "binding": binding,
        "change": change.select_related("asked_by", "binding__student__school").first(),
        "person_change": _person_change_of(binding),
        "orders": orders,
        "mandates": binding.delegations.select_related("entered_by") if binding.is_delegated else [],
        "has_standing_order": any(order.is_standing for order in orders),
        "history": history_of(binding, orders),
        "withdrawal": Withdrawal.objects.open().filter(answers__in=asked).first(),
    }
    return render(request, "binding/desk/binding.html", context)


def _person_change_of(binding):
    changes = PersonCorrection.objects.open().filter(account=binding.account_id)
    return changes.select_related("asked_by__school", "binding__student").first()


@registrars_only
def binding_end(request, pk):
    """終止綁定: why, in words that the person reads."""
    binding = find_binding(request, pk)
    form = EndForm(request.POST or None, binding=binding)
    if request.method == "POST" and form.is_valid():
        try:
            end_by_registrar(binding=binding, by=request.user, **form.cleaned_data)
            messages.success(request, _("綁定已終止，系統會寄信通知當事人。"))
            return redirect_on(request, "binding:binding", request.school.slug, pk)
        except NotYours as refusal:
            form.add_error(None, str(refusal))
    return render(request, "binding/desk/binding_end.html", {"form": form, "binding": binding})
