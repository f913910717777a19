"""Collection files and the day's end."""

from functools import partial
from io import BytesIO
from pathlib import PurePath

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Sum
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from audit import log
from billing.collection import day_end, lists, tasks
from billing.collection.forms import CollectionForm
from billing.collection.models import CollectionFile, ForeseenLine
from billing.collection.reconciliation import importing, outcomes
from billing.collection.reconciliation.importing import TakenAlready, take_in
from billing.collection.reconciliation.profiles import PROFILES
from billing.collection.reconciliation.reading import FileRefused
from billing.payments.models import Settlement
from core.downloads import download
from core.formats import parse_date
from core.listing import Filter, Listing, Search
from core.spreadsheets import UnreadableFile
from core.way_back import redirect_back, redirect_on
from registry.access import cashiers_only
from registry.lists import show_list
from registry.waiting_files import Waiting

PAGE = 50
WATCH_SECONDS = 3
FORMS = ("xlsx", "pdf")
FORM = "collection"
KNOWN = "known"  # lines of money that other lines told of before


@cashiers_only
def collections(request):
    is_upload = request.method == "POST" and "listing" not in request.POST
    waiting, to_mend = Waiting(request, "file", FORM), None
    form = CollectionForm(request.POST if is_upload else None, waiting.files if is_upload else None)
    if is_upload and form.is_valid():
        try:
            taken = _take(request, form)
            waiting.let_go()
            return redirect_on(request, "billing:cashier-collection", request.school.slug, taken.pk)
        except TakenAlready as known:
            waiting.let_go()
            messages.info(request, _("這個檔案已經匯入過，沒有再入帳一次。這是上次的結果。"))
            return redirect_on(request, "billing:cashier-collection", request.school.slug, known.file.pk)
        except FileRefused as refused:
            waiting.keep(form)  # perhaps the kind of file was chosen wrong
            if waiting.kept and any(one.line for one in refused.errors):
                to_mend = {"key": waiting.kept.key, "profile": form.cleaned_data["profile"]}
            form.add_error("file", refused.problems)
    else:
        waiting.keep(form)
    listing = Listing(
        request,
        CollectionFile.objects.filter(school=request.school).select_related("taken_by"),
        name="collections",
        title=pgettext("many", "代收檔"),
        columns=lists.COLLECTIONS,
        filters=[Filter("state", lists.STATE, "state", CollectionFile.State.choices)],
        search=Search(_("檔名"), lambda rows, text: rows.filter(name__icontains=text)),
        sort="-taken",
    )
    return show_list(request, "billing/collection/collections.html", listing, {"form": form, "to_mend": to_mend})


def _take(request, form):
    upload = form.cleaned_data["file"]
    if upload.size > settings.COLLECTION_MAX_BYTES:
        raise FileRefused(_("檔案太大，請分成幾個檔案。"))
    profile = form.cleaned_data["profile"]
    return take_in(school=request.school, upload=upload, profile=profile, by=request.user, is_to_be_confirmed=True)


@cashiers_only
def collection(request, pk):
    """Before posting what it would bring; after it matched, unmatched, duplicate, mismatch and known, with their sums."""
    taken = _find(request, pk)
    if taken.state == CollectionFile.State.CHECKED:
        return _foreseen(request, outcomes.foresee_again(taken))
    lines = taken.lines.order_by("number")
    news = lines.filter(is_known=False)
    tallies = _tallies(lines, news)
    listing = Listing(
        request,
        lines.select_related("settlement__bill__student__school_class"),
        name="collection-lines",
        title=_("代收檔的結果"),
        columns=lists.LINES,
        filters=[
            Filter(
                "state",
                lists.STATE,
                _of_state,
                [(value, word) for value, word, tally in tallies if tally["n"]],
                is_links=True,
                counts={value: tally["n"] for value, _word, tally in tallies},
            )
        ],
        search=Search(_("銷帳編號、付款編號、學號或姓名"), partial(lists.lines_with_words, school=request.school)),
        sort="line",
    )
    context = {
        "taken": taken,
        "title": PROFILES[taken.profile].title,
        "tallies": tallies,
        "watch": WATCH_SECONDS if taken.state == CollectionFile.State.WAITING else None,
    }
    return show_list(request, "billing/collection/collection.html", listing, context)


def _foreseen(request, taken):
    """A row a line of a file that waits, with what becomes of it."""
    listing = Listing(
        request,
        taken.foreseen_lines.select_related("bill__student__school_class"),
        name="foreseen-lines",
        title=f"{_('代收檔試算')}-{taken.pk}",
        columns=lists.FORESEEN,
        filters=[
            Filter(
                "outcome",
                lists.OUTCOME,
                "outcome",
                [(one, one.label) for one in ForeseenLine.Outcome if taken.foreseen[one]],
                is_links=True,
                counts={one: taken.foreseen[one] for one in ForeseenLine.Outcome},
            )
        ],
        search=Search(_("銷帳編號、帳號、學號或姓名"), partial(lists.foreseen_with_words, school=request.school)),
        sort="line",
    )
    context = {
        "taken": taken,
        "title": PROFILES[taken.profile].title,
        "foreseen": taken.foreseen,
        "is_anew": taken.foreseen_at > taken.taken_at,
        "can_be_marked": outcomes.can_be_marked(taken.profile)
        and any(taken.foreseen[one] for one in ForeseenLine.TO_LOOK_AT),
    }
    return show_list(request, "billing/collection/collection_check.html", listing, context)


def _of_state(lines, state):
    """What the file brought of that state, or what was known before."""
    if state == KNOWN:
        return lines.filter(is_known=True)
    return lines.filter(is_known=False, settlement__state=state)


def _find(request, pk):
    return get_object_or_404(CollectionFile.objects.filter(school=request.school), pk=pk)


def _tallies(lines, news):
    """(state, word, {n, sum}) of money that the file brought, and of what was known already."""
    sums = {
        one["settlement__state"]: one
        for one in news.order_by().values("settlement__state").annotate(n=Count("pk"), sum=Sum("settlement__amount"))
    }
    nothing = {"n": 0, "sum": 0}
    known = lines.filter(is_known=True).aggregate(n=Count("pk"), sum=Sum("settlement__amount"))
    return [
        *((value, word, sums.get(value, nothing)) for value, word in Settlement.State.choices),
        (KNOWN, _("先前已入帳"), known),
    ]


@require_POST
@cashiers_only
def collection_marked(request, pk):
    """The own file of a cashier, with the lines that somebody has to look at marked."""
    taken = _find(request, pk)
    if taken.state != CollectionFile.State.CHECKED or not outcomes.can_be_marked(taken.profile):
        return redirect_on(request, "billing:cashier-collection", request.school.slug, pk)
    return _marked(request, outcomes.file_with_outcomes(taken), taken.name, taken)


@require_POST
@cashiers_only
def collection_mend(request):
    """The own file that was refused just now, with what is wrong marked in its cells."""
    kept = Waiting(request, "file", FORM).kept
    profile = request.POST.get("profile", "")
    if kept is None or profile not in PROFILES or not outcomes.can_be_marked(profile):
        messages.info(request, _("上傳的檔案已經刪除，請重新上傳。"))
        return redirect_on(request, "billing:cashier-collections", request.school.slug)
    try:
        data = outcomes.file_with_problems(BytesIO(kept.read()), profile)
    except UnreadableFile:
        messages.warning(request, _("這個檔案無法讀取，不能標示。請看頁面上的說明。"))
        return redirect_on(request, "billing:cashier-collections", request.school.slug)
    return _marked(request, data, kept.name, request.school)


def _marked(request, data, name, target):
    with transaction.atomic():
        log.record("collection.marked_file_taken", by=request.user, target=target, school=request.school)
    return download(data, f"{_('已標示')}-{PurePath(name).stem}.xlsx")


@require_POST
@cashiers_only
def collection_post(request, pk):
    """The cashier has seen what it would bring."""
    taken = _find(request, pk)
    try:
        importing.confirm(taken=taken, by=request.user)
        taken.refresh_from_db()
        tasks.post_soon(taken)
    except importing.AlreadyDecided:
        messages.info(request, _("這個檔案已經有人入帳了。"))
    return redirect_on(request, "billing:cashier-collection", request.school.slug, pk)


@require_POST
@cashiers_only
def collection_drop(request, pk):
    """Nothing of it is booked; it may be taken in again."""
    try:
        importing.throw_away(taken=_find(request, pk), by=request.user)
        messages.success(request, _("已取消，這個檔案沒有入帳。"))
    except importing.AlreadyDecided:
        messages.info(request, _("這個檔案已經有人入帳了。"))
        return redirect_on(request, "billing:cashier-collection", request.school.slug, pk)
    return redirect_back(request, "billing:cashier-collections", request.school.slug)


@require_POST
@cashiers_only
def collection_again(request, pk):
    """Begin again where the worker stopped."""
    taken = _find(request, pk)
    if taken.state == CollectionFile.State.FAILED:
        tasks.begin_again(taken)
    return redirect_on(request, "billing:cashier-collection", request.school.slug, pk)


@cashiers_only
def day(request):
    chosen = _day(request)
    report = day_end.day_end(request.school, chosen)
    page_obj = Paginator(report.entries, PAGE).get_page(request.GET.get("page"))
    context = {"report": report, "page_obj": page_obj, "query": f"day={chosen.isoformat()}"}
    return render(request, "billing/collection/day.html", context)


@require_POST
@cashiers_only
def day_export(request, form):
    if form not in FORMS:
        raise Http404
    report = day_end.day_end(request.school, _day(request))
    data = day_end.export(report=report, form=form, by=request.user)
    name = _("%(school)s日結表%(day)s") % {"school": request.school.short_name, "day": f"{report.day:%Y%m%d}"}
    return download(data, f"{name}.{form}")


def _day(request):
    try:
        return parse_date((request.POST or request.GET).get("day", ""))
    except ValueError:
        return timezone.localdate()
