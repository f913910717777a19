"""The cashier's batches of bills: made from a table or for classes, looked at, issued, closed."""

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit import log
from billing import batch_figures, bill_tasks, charges
from billing.actions import drafting, issuing, voiding
from billing.batch_export import workbook_of
from billing.batch_forms import FeeTableForm, UploadForm
from billing.models import Bill, BillBatch, CollectingAgent
from billing.payment_forms import ReasonForm
from billing.views.cashier import cashier
from core.spreadsheets import RowError, build_error_list
from registry.downloads import XLSX, download
from registry.models import SchoolClass, Student
from registry.search import find_students, looks_like_identity, typed

PAGE = 20
BILLS = 50
SHOWN_ERRORS = 200
KEPT_ERRORS = 1000
ERRORS_SALT = "charges-errors"
ERRORS_SECONDS = 60 * 60
AT_ONCE = 100  # so few bills are issued or voided before the page comes back
REFRESH_SECONDS = "3"


@cashier
def batch_list(request):
    page_obj = Paginator(batch_figures.batches_of(request.school), PAGE).get_page(request.GET.get("page"))
    return render(request, "billing/cashier/batches.html", {"page_obj": page_obj})


@cashier
def batch_upload(request):
    form = UploadForm(request.POST or None, request.FILES or None, school=request.school)
    errors: list[RowError] = []
    if request.method == "POST" and (form.is_valid() or "file" in form.cleaned_data):
        # One byte more than is taken says that it is too large, however large it is.
        data = form.cleaned_data["file"].read(settings.CHARGES_MAX_BYTES + 1)
        found, errors = charges.read_charges(data, school=request.school)
        if not errors and form.is_valid():
            return _made(request, drafting.draft_batch(
                school=request.school, charges=found, by=request.user, **form.facts
            ))  # fmt: skip
    context = {
        "form": form,
        "errors": errors[:SHOWN_ERRORS],
        "error_count": len(errors),
        "told": tell(errors) if errors else "",
    }
    return render(request, "billing/cashier/batch_upload.html", context)


def tell(errors):
    """What is wrong, sealed, so that the page can ask for it as a file and nothing is kept."""
    kept = [one.as_list() for one in errors[:KEPT_ERRORS]]
    return signing.dumps(kept, salt=ERRORS_SALT, compress=True)


@require_POST
@cashier
def batch_errors(request):
    try:
        kept = signing.loads(request.POST.get("told", ""), salt=ERRORS_SALT, max_age=ERRORS_SECONDS)
    except signing.BadSignature:
        raise Http404 from None
    return download(
        build_error_list([RowError(*one) for one in kept]), _("收費表-要修正的地方") + ".xlsx", XLSX
    )


@cashier
def batch_template(request):
    students = Student.objects.of_this_year().filter(school=request.school)
    data = charges.template_of(students.select_related("school_class").in_seating_order())
    with transaction.atomic():
        log.record("charges.template", by=request.user, target=request.school, school=request.school)
    return download(data, _("收費表") + ".xlsx", XLSX)


@cashier
def batch_fees(request):
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
    return render(request, "billing/cashier/batch_fees.html", context)


def _made(request, batch):
    messages.success(request, _("草稿做好了，家長還看不到。請檢查後發出。"))
    return redirect("billing:cashier-batch", request.school.slug, batch.pk)


@cashier
def batch(request, pk):
    """A draft to look through, or how far families have paid."""
    shown = find_batch(request, pk)
    figures = batch_figures.figures_of(shown)
    found, query = _narrowed(request, shown)
    is_draft = shown.state == BillBatch.State.DRAFT
    left_out = batch_figures.without_a_bill(shown) if is_draft else Student.objects.none()
    context = {
        "batch": shown,
        "figures": figures,
        "items": batch_figures.items_of(shown),
        "free": Bill.objects.filter(batch=shown, amount=0).exclude(state=Bill.State.VOID).count(),
        "without_a_parent": batch_figures.without_a_parent(shown) if figures.open else 0,
        "left_out": left_out[:SHOWN_ERRORS],
        "left_out_count": left_out.count() if is_draft else 0,
        "has_agent": CollectingAgent.objects.current().filter(school=request.school).exists(),
        "page_obj": Paginator(found, BILLS).get_page(request.GET.get("page")),
        "classes": SchoolClass.objects.filter(students__bills__batch=shown).distinct().order_by("name"),
        "states": Bill.State.choices,
        "query": query.urlencode(),
        "asked": query,
    }
    response = render(request, "billing/cashier/batch.html", context)
    if shown.state == BillBatch.State.ISSUING or (shown.state == BillBatch.State.CLOSED and figures.open):
        response["Refresh"] = REFRESH_SECONDS
    return response


def _narrowed(request, batch):
    """(the bills that were asked for, the query without its page)"""
    query = request.GET.copy()
    query.pop("page", None)
    bills = Bill.objects.filter(batch=batch).select_related("student__school_class")
    if (state := request.GET.get("state", "")) in Bill.State.values:
        bills = bills.filter(state=state)
    if (
        (chosen := request.GET.get("class", ""))
        and chosen.isascii()
        and chosen.isdigit()
        and len(chosen) < 19
    ):
        bills = bills.filter(student__school_class=int(chosen))
    text = typed(request)
    if text and not looks_like_identity(text):
        bills = bills.filter(student__in=find_students(batch.school, text=text).order_by().values("pk"))
    return bills.order_by("student__school_class__name", "student__seat_number", "pk"), query


@require_POST
@cashier
def batch_issue(request, pk):
    shown = find_batch(request, pk)
    try:
        issuing.begin_issuing(batch=shown, by=request.user)
        start(bill_tasks.issue_batch, shown)
    except issuing.PastDue:
        messages.warning(request, _("繳費期限已經過了，不能發出。請刪除這份草稿，用新的期限重做。"))
    return redirect("billing:cashier-batch", request.school.slug, pk)


def start(task, batch):
    """A few bills at once, many in the worker; begun twice, nothing is done twice."""
    if Bill.objects.filter(batch=batch).count() <= AT_ONCE:
        task.call(batch.pk)
    else:
        task.enqueue(batch.pk)


@require_POST
@cashier
def batch_go_on(request, pk):
    """The worker was stopped in the middle: begin again where it stopped."""
    shown = find_batch(request, pk)
    if shown.state == BillBatch.State.ISSUING:
        start(bill_tasks.issue_batch, shown)
    elif shown.state == BillBatch.State.CLOSED:
        start(bill_tasks.close_batch, shown)
    return redirect("billing:cashier-batch", request.school.slug, pk)


@require_POST
@cashier
def batch_discard(request, pk):
    shown = BillBatch.objects.filter(school=request.school, pk=pk).first()
    if shown is None:
        return redirect("billing:cashier-batches", request.school.slug)
    try:
        drafting.discard_draft(batch=shown, by=request.user)
        messages.success(request, _("草稿已刪除。"))
    except drafting.AlreadyIssued:
        messages.info(request, _("這一批已經發出，不能刪除。"))
        return redirect("billing:cashier-batch", request.school.slug, pk)
    return redirect("billing:cashier-batches", request.school.slug)


@cashier
def batch_close(request, pk):
    shown = find_batch(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            voiding.begin_closing(batch=shown, reason=form.cleaned_data["reason"], by=request.user)
            start(bill_tasks.close_batch, shown)
            messages.success(request, _("這一批已結束收款。"))
        except voiding.NotOpen:
            messages.info(request, _("這一批還沒有發出，不能結束。"))
        return redirect("billing:cashier-batch", request.school.slug, pk)
    context = {"batch": shown, "form": form, "figures": batch_figures.figures_of(shown)}
    return render(request, "billing/cashier/batch_close.html", context)


@cashier
def batch_export(request, pk):
    shown = find_batch(request, pk)
    data = workbook_of(shown)
    with transaction.atomic():
        log.record("bills.exported", by=request.user, target=shown, school=request.school)
    return download(data, f"{shown.title}-{shown.school_year}-{shown.semester}.xlsx", XLSX)


def find_batch(request, pk):
    found = BillBatch.objects.filter(school=request.school).select_related("school", "made_by", "issued_by")
    return get_object_or_404(found, pk=pk)
