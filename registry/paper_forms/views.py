"""The registrar prints paper forms."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.downloads import PDF, ZIP, download
from core.printing import batches as printing
from registry.access import registrars_only
from registry.models import PaperFormBatch
from registry.paper_forms import actions
from registry.paper_forms.forms import PrintForm
from registry.paper_forms.texts import own_name

SHOWN_BATCHES = 10
NAMED = 4  # classes in the name of a file
REFRESH_SECONDS = "3"


@registrars_only
def paper_forms(request):
    """Choose classes, language and return date; one class downloads at once, more go to the worker."""
    form = PrintForm(request.POST if request.method == "POST" else None, school=request.school)
    if form.is_bound and form.is_valid():
        try:
            return _print(request, form)
        except printing.NobodyToPrint:
            form.add_error(None, _("這個範圍內沒有在學學生。請先匯入名冊。"))
    batches = PaperFormBatch.objects.filter(school=request.school).select_related("made_by")
    batches = batches.prefetch_related("classes")[:SHOWN_BATCHES]
    enrolled = actions.students_of(request.school, []).count()
    context = {"form": form, "batches": batches, "enrolled": enrolled}
    return render(request, "registry/forms.html", context)


def _print(request, form):
    classes = form.chosen
    wish = {name: form.cleaned_data[name] for name in ("language", "return_on")} | {"by": request.user}
    if len(classes) == 1:
        pdf = actions.print_class(school_class=classes[0], **wish)
        return download(pdf, file_name([classes[0].name], wish["language"], "pdf"), PDF)
    batch = actions.request_batch(school=request.school, classes=classes, **wish)
    return redirect("registry:forms-batch", request.school.slug, batch.pk)


@registrars_only
def paper_forms_batch(request, pk):
    """How far a batch is; the page asks again by itself while there is something to wait for."""
    batch = _find(request, pk)
    response = render(request, "registry/forms_batch.html", {"batch": batch})
    if batch.is_alive:
        response["Refresh"] = REFRESH_SECONDS
    return response


@registrars_only
def paper_forms_file(request, pk):
    batch = _find(request, pk)
    if not batch.has_file:
        raise Http404
    names = [one.name for one in batch.classes.all()]
    whole = [request.school.short_name]
    return download(batch.read(), file_name(names or whole, batch.language, "zip"), ZIP)


def file_name(places, language, ending):
    """申請書-301、302-English.zip"""
    return f"{_('申請書')}-{'、'.join(places[:NAMED])}{'…' if len(places) > NAMED else ''}-{own_name(language)}.{ending}"


@require_POST
@registrars_only
def paper_forms_again(request, pk):
    batch = _find(request, pk)
    try:
        actions.start_again(batch=batch, by=request.user)
    except printing.StillAtWork:
        messages.info(request, _("這一批不需要重新製作。"))
    return redirect("registry:forms-batch", request.school.slug, pk)


def _find(request, pk):
    batches = PaperFormBatch.objects.select_related("school", "made_by").prefetch_related("classes")
    return get_object_or_404(batches, school=request.school, pk=pk)
