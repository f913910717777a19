"""The registrar's list of what families say is wrong."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from binding.actions.confirmation import decide_correction
from binding.desk.correction_forms import CorrectionDecisionForm
from binding.models import CorrectionRequest
from binding.own_family import NotYours
from core.downloads import inert
from core.languages import in_a_row
from core.listing import Column, Listing
from core.states import InvalidMove
from core.way_back import redirect_back
from registry.access import registrars_only
from registry.columns import class_filter, of_student
from registry.lists import show_list
from registry.problems import refuse

COLUMNS = (
    *of_student("student__", lambda one: one.student, name="masked_name"),
    Column("said", gettext_lazy("原登錄 → 家長填寫"), lambda one: said(one), width=40),
    Column("message", gettext_lazy("家長的說明"), lambda one: one.message, width=40),
    Column("asked", gettext_lazy("已等候"), lambda one: one.requested_at, order=("requested_at",)),
)


@registrars_only
def corrections(request):
    listing = Listing(
        request,
        CorrectionRequest.objects.of_registrar(request.user).open().select_related("student__school_class"),
        name="corrections",
        title=_("資料更正申請"),
        columns=COLUMNS,
        filters=[class_filter(request.school, "student__")],
        sort="asked",
    )
    return show_list(request, "binding/desk/corrections.html", listing)


def said(correction):
    """座號：5 → 6"""
    return in_a_row(
        _("%(name)s：%(now)s → %(said)s") % {"name": name, "now": now, "said": new}
        for name, now, new in correction.comparison
    )


@registrars_only
def correction_decide(request, pk):
    """Old and new beside each other; accept, amend or decline."""
    correction = _find(request, pk)
    form = CorrectionDecisionForm(request.POST or None, correction=correction)
    if request.method == "POST" and form.is_valid():
        try:
            decide_correction(
                request=correction,
                status=form.cleaned_data["status"],
                answer=form.cleaned_data["answer"],
                values=form.values(),
                by=request.user,
            )
            messages.success(request, _("已回覆家長，家長下次登入會看到並重新確認資料。"))
            return redirect_back(request, "binding:corrections", request.school.slug)
        except ValidationError as error:
            refuse(form, error)
        except NotYours as refusal:
            form.add_error(None, str(refusal))
        except InvalidMove:
            messages.warning(request, _("這件申請已經處理過了。"))
            return redirect_back(request, "binding:corrections", request.school.slug)
    return render(request, "binding/desk/correction.html", {"form": form, "correction": correction})


@registrars_only
def correction_proof(request, pk):
    correction = _find(request, pk)
    if not correction.proof:
        raise Http404
    return inert(correction.read_proof(), correction.proof_type, f"proof-{pk}")


def _find(request, pk):
    corrections = CorrectionRequest.objects.of_registrar(request.user)
    return get_object_or_404(corrections.select_related("student__school", "student__school_class"), pk=pk)
