"""The cashier's batches of bills: all of them, one as a draft or as far as it is paid, one as a workbook."""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from billing.bills import batch_figures, batch_lists, lists, refund_shares
from billing.bills.drafting import translate
from billing.bills.models import Bill, BillBatch, ChargeTable, CollectingAgent
from billing.bills.term_form import TermForm
from billing.bills.word_forms import WordsForm
from billing.bills.words import OTHER_LANGUAGES
from core.listing import Filter, Listing, Search
from core.way_back import redirect_on
from registry.access import cashiers_only
from registry.lists import show_list
from registry.models import Student

PAGE = 20
SHOWN = 200
WATCH_SECONDS = 3
WAITING_SECONDS = 60


@cashiers_only
def batch_list(request):
    listing = Listing(
        request,
        batch_figures.batches_of(request.school),
        name="batches",
        title=pgettext("many", "繳費單"),
        columns=lists.BATCHES,
        filters=[Filter("state", lists.STATE, "state", BillBatch.State.choices)],
        search=Search(_("名稱"), lambda rows, text: rows.filter(title__icontains=text)),
        sort="-batch",
        size=PAGE,
    )
    tables = ChargeTable.objects.filter(school=request.school).select_related("made_by")
    context = {"tables": tables, "leavers": batch_lists.bills_of_leavers(request.school).count()}
    return show_list(request, "billing/bills/batches.html", listing, context)


@cashiers_only
def batch(request, pk):
    """A draft to look through, or how far families have paid."""
    shown = get_object_or_404(BillBatch.objects.for_desk(request.school), pk=pk)
    figures = batch_figures.figures_of(shown)
    listing = batch_lists.bills_of_batch(request, shown)
    is_draft = shown.state == BillBatch.State.DRAFT
    left_out = batch_figures.without_a_bill(shown) if is_draft else Student.objects.none()
    context = {
        "batch": shown,
        "figures": figures,
        "items": batch_figures.items_of(shown),
        "free": Bill.objects.filter(batch=shown, amount=0).exclude(state=Bill.State.VOID).count(),
        "without_a_parent": 0 if is_draft else batch_figures.without_a_parent(shown),
        "left_out": left_out[:SHOWN],
        "left_out_count": left_out.count() if is_draft else 0,
        "has_agent": CollectingAgent.objects.current().filter(school=request.school).exists(),
        "watch": _watch(shown, figures),
    }
    return show_list(request, "billing/bills/batch.html", listing, context)


def _watch(batch, figures):
    """How soon the page looks again by itself; None where nothing changes without somebody."""
    if batch.state in (BillBatch.State.ISSUING, BillBatch.State.RELEASING):
        return WATCH_SECONDS
    if batch.state == BillBatch.State.WAITING:
        return WAITING_SECONDS
    return WATCH_SECONDS if batch.state == BillBatch.State.CLOSED and figures.open else None


@cashiers_only
def batch_words(request, pk):
    """其他語言的名稱: for parents who do not read Chinese."""
    shown = get_object_or_404(BillBatch.objects.for_desk(request.school), pk=pk)
    form = WordsForm(request.POST or None, batch=shown)
    if request.method == "POST" and form.is_valid():
        translate(batch=shown, translations=form.translations, by=request.user)
        messages.success(request, _("已儲存其他語言的名稱。"))
        return redirect_on(request, "billing:cashier-batch", request.school.slug, pk)
    names = [name for code, name in settings.LANGUAGES if code in OTHER_LANGUAGES]
    return render(request, "billing/bills/batch_words.html", {"batch": shown, "form": form, "language_names": names})


@cashiers_only
def batch_term(request, pk):
    """學期上課日期: by them refunds to who leaves are reckoned."""
    shown = get_object_or_404(BillBatch.objects.for_desk(request.school), pk=pk)
    form = TermForm(request.POST or None, initial={"term_from": shown.term_from, "term_to": shown.term_to})
    if request.method == "POST" and form.is_valid():
        refund_shares.write_term(batch=shown, by=request.user, **form.cleaned_data)
        messages.success(request, _("已儲存學期上課日期。"))
        return redirect_on(request, "billing:cashier-batch", request.school.slug, pk)
    thirds = refund_shares.last_days(shown) if shown.term_from else None
    return render(request, "billing/bills/batch_term.html", {"batch": shown, "form": form, "thirds": thirds})
