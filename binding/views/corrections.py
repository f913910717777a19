"""The registrar's list of what families say is wrong."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from binding.actions.confirmation import settle_correction
from binding.forms import SettleForm
from binding.models import CorrectionRequest
from registry.access import staff_only
from registry.roles import Role


@staff_only(Role.REGISTRAR)
def corrections(request):
    waiting = (
        CorrectionRequest.objects.open()
        .filter(student__school=request.school)
        .select_related("student__school_class")
        .order_by("requested_at")
    )
    page = Paginator(waiting, 50).get_page(request.GET.get("page"))
    return render(request, "binding/corrections.html", {"page_obj": page})


@staff_only(Role.REGISTRAR)
def correction_settle(request, pk):
    waiting = CorrectionRequest.objects.filter(student__school=request.school)
    correction = get_object_or_404(waiting.select_related("student__school_class"), pk=pk)
    form = SettleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            settle_correction(request=correction, by=request.user, **form.cleaned_data)
            messages.success(request, _("已回覆家長，家長下次登入會看到並重新確認資料。"))
        except ValueError:
            messages.warning(request, _("這件申請已經處理過了。"))
        return redirect("binding:corrections", request.school.slug)
    return render(request, "binding/correction_settle.html", {"form": form, "correction": correction})
