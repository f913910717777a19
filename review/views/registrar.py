"""What the homeroom teacher leaves to the registrar, and the school's rules for reviewing."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from binding.models import Application
from core.listing import Column, Filter, Listing
from core.way_back import redirect_back, redirect_on
from registry.access import registrars_only
from registry.columns import class_filter, of_student
from registry.lists import show_list
from review import permissions, policies
from review.access import reviewers_only, unless_withdrawn
from review.application_page import draw_application, find_application
from review.escalation import escalate, escalated_at, return_to_teacher
from review.forms import EscalationForm, RulesForm
from review.models import Escalation, ReviewRules
from review.rules import reasons_of, write_rules

WHY = gettext_lazy("原因")
COLUMNS = (
    *of_student("student__", lambda one: one.student),
    Column("why", WHY, lambda one: one.escalation.get_why_display(), order=("escalation__why", "escalation__at")),
    Column("note", gettext_lazy("說明"), lambda one: one.escalation.note, is_shown=False, width=40),
    Column(
        "by", gettext_lazy("交出者"), lambda one: one.escalation.by.display_name if one.escalation.by else _("系統")
    ),
    Column("at", gettext_lazy("交出時間"), lambda one: one.escalation.at, order=("escalation__at",)),
)


@registrars_only
def escalated(request):
    """Applications that wait for the registrar, the longest first."""
    listing = Listing(
        request,
        escalated_at(request.school),
        name="escalated",
        title=_("轉請註冊組審核的申請"),
        columns=COLUMNS,
        filters=[
            class_filter(request.school, "student__"),
            Filter("why", WHY, "escalation__why", Escalation.Why.choices),
        ],
        sort="at",
    )
    return show_list(request, "review/escalated.html", listing)


@require_POST
@reviewers_only
@unless_withdrawn
def application_escalate(request, pk):
    application = find_application(request, pk)
    form = EscalationForm(request.POST)
    if not form.is_valid():
        return draw_application(request, application, escalation_form=form)
    try:
        escalate(application=application, by=request.user, **form.cleaned_data)
        messages.success(request, _("已轉請註冊組審核，這份申請不會再出現在您的待審核。"))
    except (permissions.NotYours, policies.Stale):
        messages.warning(request, _("這份申請剛剛有變動，沒有交出。"))
        return redirect_on(request, "review:application", request.school.slug, pk)
    return redirect_back(request, "review:class", request.school.slug, application.student.school_class_id)


@require_POST
@registrars_only
def application_return_to_teacher(request, pk):
    application = get_object_or_404(Application.objects.of_reviewer(request.user), pk=pk)
    try:
        if return_to_teacher(application=application, by=request.user):
            messages.success(request, _("已退回導師審核。"))
    except permissions.NotYours as refusal:
        messages.warning(request, str(refusal))
    return redirect_on(request, "review:application", request.school.slug, pk)


@registrars_only
def rules(request):
    """How the school decides: who, what by itself, and the reasons to pick from."""
    current = ReviewRules.of(request.school)
    initial = {
        "registrar_decides_guardianship": current.registrar_decides_guardianship,
        "approves_matched": current.approves_matched,
        "undo_minutes": current.undo_minutes,
        "texts": "\n".join(reasons_of(request.school)),
    }
    form = RulesForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        write_rules(school=request.school, by=request.user, **form.cleaned_data)
        messages.success(request, _("已儲存。"))
        return redirect("review:rules", request.school.slug)
    return render(request, "review/rules.html", {"form": form})
