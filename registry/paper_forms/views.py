"""The registrar prints paper forms."""

from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.downloads import download
from core.languages import joined
from core.printing.batches import NobodyToPrint
from core.printing.pages import batch_again, batch_file, batch_page
from registry.access import registrars_only
from registry.lists import show_list
from registry.models import PaperFormBatch
from registry.paper_forms import printing
from registry.paper_forms.forms import PrintForm
from registry.paper_forms.lists import list_of_batches
from registry.paper_forms.texts import own_name

NAMED = 4  # classes in the name of a file


@registrars_only
def paper_forms(request):
    """Choose classes, language and return date; one class downloads at once, more go to the worker."""
    listing = list_of_batches(request, _batches(request.school))
    asks = request.method == "POST" and not listing.is_posted
    form = PrintForm(request.POST if asks else None, school=request.school)
    if form.is_bound and form.is_valid():
        try:
            return _print(request, form)
        except NobodyToPrint:
            form.add_error(None, _("這個範圍內沒有在學學生。請先匯入名冊。"))
    enrolled = printing.students_of(request.school, []).count()
    return show_list(request, "registry/forms.html", listing, {"form": form, "enrolled": enrolled})


def _print(request, form):
    classes = form.chosen
    wish = {name: form.cleaned_data[name] for name in ("language", "return_on")} | {"by": request.user}
    if len(classes) == 1:
        pdf = printing.print_class(school_class=classes[0], **wish)
        return download(pdf, file_name([classes[0].name], wish["language"], "pdf"))
    batch = printing.request_batch(school=request.school, classes=classes, **wish)
    return redirect("registry:forms-batch", request.school.slug, batch.pk)


@registrars_only
def paper_forms_batch(request, pk):
    return batch_page(request, _find(request, pk), "registry/forms_batch.html")


@registrars_only
def paper_forms_file(request, pk):
    batch = _find(request, pk)
    places = [one.name for one in batch.classes.all()] or [request.school.short_name]
    return batch_file(batch, file_name(places, batch.language, "zip"))


def file_name(places, language, ending):
    """申請書-301、302-English.zip"""
    return f"{_('申請書')}-{joined(places[:NAMED])}{'…' if len(places) > NAMED else ''}-{own_name(language)}.{ending}"


@require_POST
@registrars_only
def paper_forms_again(request, pk):
    return batch_again(request, _find(request, pk), printing.set_batch, page="registry:forms-batch")


def _batches(school):
    batches = PaperFormBatch.objects.filter(school=school)
    return batches.select_related("school", "made_by").prefetch_related("classes")


def _find(request, pk):
    return get_object_or_404(_batches(request.school), pk=pk)
