"""A cashier makes a draft: of fees for classes, or of a table that is uploaded and whose columns are confirmed."""

from pathlib import PurePath

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.db import transaction
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit import log
from billing.bills import charge_tables, charges, drafting
from billing.bills.column_forms import ColumnsForm
from billing.bills.forms import FeeTableForm, UploadForm
from billing.bills.models import ChargeTable
from core.downloads import download
from core.spreadsheets import RowError, UnreadableFile, build_error_list, said_once
from core.way_back import redirect_back, redirect_on
from registry.access import cashiers_only
from registry.models import Student
from registry.waiting_files import Waiting

FORM = "charges"
MANY = 5  # equal errors of one column are said once
SHOWN_ERRORS = 200
KEPT_ERRORS = 1000
ERRORS_SALT = "charges-errors"
ERRORS_SECONDS = 60 * 60


@cashiers_only
def fees(request):
    """One amount an item for all students of the chosen classes."""
    form = FeeTableForm(request.POST or None, school=request.school)
    if request.method == "POST" and "more" not in request.POST and form.is_valid():
        try:
            data = form.cleaned_data
            return _made(request, drafting.draft_for_classes(
                school=request.school, classes=data["classes"], items=data["items"], by=request.user, **form.facts
            ))  # fmt: skip
        except drafting.NobodyToCharge:
            form.add_error("classes", _("這些班級沒有在學的學生。"))
    context = {"form": form, "quiet": "more" in request.POST}
    return render(request, "billing/bills/batch_fees.html", context)


def _made(request, batch):
    messages.success(request, _("草稿做好了，家長還看不到。請檢查後發出。"))
    return redirect_on(request, "billing:cashier-batch", request.school.slug, batch.pk)


@cashiers_only
def upload(request):
    waiting = Waiting(request, "file", FORM)
    form = UploadForm(request.POST or None, waiting.files, school=request.school)
    errors: list[RowError] = []
    if request.method == "POST" and (form.is_valid() or "file" in form.cleaned_data):
        # One byte more than is taken says that it is too large, however large it is.
        data = form.cleaned_data["file"].read(settings.CHARGES_MAX_BYTES + 1)
        reading = charges.read_charges(data, school=request.school)
        errors = reading.errors
        if not errors and form.is_valid():
            table = charge_tables.keep_table(school=request.school, reading=reading, by=request.user, **form.facts)
            waiting.let_go()
            return redirect_on(request, "billing:cashier-charges", request.school.slug, table.pk)
    waiting.keep(form, is_offered=not errors)
    key = waiting.kept.key if waiting.kept and any(one.line for one in errors) else ""
    return render(request, "billing/bills/batch_upload.html", {"form": form, "key": key, **told_of(errors)})


@cashiers_only
def columns(request, pk):
    """Which columns are fees: said by the cashier before anything is drafted."""
    table = ChargeTable.objects.filter(school=request.school, pk=pk).select_related("school").first()
    if table is None:
        return _gone(request)
    data = request.POST if request.method == "POST" else None
    form = ColumnsForm(data, columns=charge_tables.columns_of(table), lines=charge_tables.lines_of(table))
    errors: list[RowError] = []
    if request.method == "POST" and form.is_valid():
        try:
            return _made(request, charge_tables.draft_table(table=table, kinds=form.kinds, by=request.user))
        except charge_tables.TableGone:
            return _gone(request)
        except charge_tables.WrongTable as wrong:
            errors = wrong.errors
    context = {"table": table, "form": form, "key": "", **told_of(errors)}
    return render(request, "billing/bills/charges.html", context)


def _gone(request):
    messages.info(request, _("這份收費表已經建立草稿，或已經刪除。"))
    return redirect_back(request, "billing:cashier-batches", request.school.slug)


@require_POST
@cashiers_only
def discard(request, pk):
    ChargeTable.objects.filter(school=request.school, pk=pk).delete()
    messages.success(request, _("收費表已刪除，沒有產生任何繳費單。"))
    return redirect_back(request, "billing:cashier-batches", request.school.slug)


def told_of(errors):
    """What the page says of errors; `told` is sealed, so that they can be taken away as a file and nothing is kept."""
    kept = [one.as_list() for one in errors[:KEPT_ERRORS]]
    shown = said_once(errors, many=MANY)
    told = signing.dumps(kept, salt=ERRORS_SALT, compress=True) if errors else ""
    has_sheets = any(one.sheet for one in errors)
    return {"errors": shown[:SHOWN_ERRORS], "error_count": len(errors), "told": told, "has_sheets": has_sheets}


@require_POST
@cashiers_only
def errors_file(request):
    try:
        kept = signing.loads(request.POST.get("told", ""), salt=ERRORS_SALT, max_age=ERRORS_SECONDS)
    except signing.BadSignature:
        raise Http404 from None
    return download(build_error_list([RowError(*one) for one in kept]), _("收費表-要修正的地方") + ".xlsx")


@require_POST
@cashiers_only
def marked_file(request):
    """The own file that was refused just now, with what is wrong marked in its cells."""
    kept = Waiting(request, "file", FORM).kept
    try:
        data = kept and charges.marked(kept.read(), charges.read_charges(kept.read(), school=request.school).errors)
    except UnreadableFile:
        data = None
    if not data:
        messages.info(request, _("上傳的檔案已經刪除或無法讀取，請重新上傳。"))
        return redirect_on(request, "billing:cashier-batch-upload", request.school.slug)
    with transaction.atomic():
        log.record("charges.marked_file_taken", by=request.user, target=request.school, school=request.school)
    return download(data, f"{_('已標示')}-{PurePath(kept.name).stem}.xlsx")


@cashiers_only
def template(request):
    students = Student.objects.of_this_year().filter(school=request.school)
    data = charges.template_of(students.select_related("school_class").in_seating_order())
    with transaction.atomic():
        log.record("charges.template", by=request.user, target=request.school, school=request.school)
    return download(data, _("收費表") + ".xlsx")
