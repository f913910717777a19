"""Who comes and who goes: missing from the roster, on the way out, on the way in."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.listing import Column, Listing, Search
from core.states import InvalidMove
from core.way_back import redirect_back, redirect_on
from registry import status_changes
from registry.access import registrars_only
from registry.columns import class_filter, of_student
from registry.forms import ArrivalForm
from registry.lists import show_list
from registry.models import Student
from registry.problems import refuse
from registry.search import with_words

COLUMNS = (
    *of_student(),
    Column("roster", gettext_lazy("名冊"), lambda one: one.missing_from.name, order=("missing_from",), width=24),
    Column("tools", gettext_lazy("處理方式")),
)


@registrars_only
def to_decide(request):
    leaving = Student.objects.filter(school=request.school, status=Student.Status.TRANSFERRING)
    arriving = Student.objects.filter(transfer_to=request.school)
    missing = Student.objects.enrolled().filter(school=request.school, missing_from__isnull=False)
    missing = missing.select_related("school_class", "missing_from")
    listing = Listing(
        request,
        missing,
        name="missing",
        title=_("未列於名冊"),
        columns=COLUMNS,
        filters=[class_filter(request.school)],
        search=Search(_("學號、姓名或班級"), with_words),
        sort="class",
    )
    context = {
        "leaving": leaving.select_related("school_class", "transfer_to").in_seating_order()[:200],
        "arriving": arriving.select_related("school").order_by("updated_at")[:200],
    }
    return show_list(request, "registry/status_changes.html", listing, context)


@registrars_only
def arrival(request, pk):
    """A student whom another school of the city sent here gets class, seat and number."""
    student = get_object_or_404(Student.objects.select_related("school"), pk=pk, transfer_to=request.school)
    form = ArrivalForm(request.POST or None, school=request.school)
    if request.method == "POST" and form.is_valid():
        try:
            status_changes.accept_transfer(student=student, school=request.school, by=request.user, **form.cleaned_data)
            messages.success(request, _("已報到。家長用新的帳號登入，密碼不變。"))
            return redirect_on(request, "registry:student", request.school.slug, pk)
        except InvalidMove:
            messages.info(request, _("這位學生已經報到，或原校取消了轉出。"))
            return redirect_back(request, "registry:moves", request.school.slug)
        except ValidationError as error:
            refuse(form, error)
    return render(request, "registry/arrival.html", {"form": form, "student": student})
