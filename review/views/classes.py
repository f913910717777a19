"""A class at a glance, and all that is ready in it approved at once."""

from django.db.models import Min
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from binding.models import Applicant
from core.downloads import download
from core.listing import Listing
from registry.lists import show_list
from registry.roles import Role
from review import paper_undo
from review.access import find_class, reviewers_only
from review.board_list import PAPER_ONLY, list_of
from review.class_approval import approve_all, candidates_of
from review.class_board import Census
from review.class_list import missing_of, print_list
from review.class_log import ClassLog, filters, who_of
from review.forms import ScanForm
from review.home import class_lines
from review.last_decision import last_decision_of
from review.worklist import waiting_at


@reviewers_only
def home(request):
    """What waits for the registrar, then my classes; a teacher with one class goes straight to it."""
    lines = class_lines(request.school, request.user)
    is_registrar = Role.REGISTRAR in request.user.roles
    if len(lines) == 1 and not is_registrar:
        return redirect("review:class", request.school.slug, lines[0].school_class.pk)
    waiting = waiting_at(request.school) if is_registrar else None
    return render(request, "review/home.html", {"classes": lines, "waiting": waiting})


@reviewers_only
def class_board(request, pk):
    """Every student by seat, narrowed by a filter; what waits comes first."""
    school_class = find_class(request.user, pk)
    census = _census(request, school_class)
    listing = list_of(request, school_class, census)
    last = last_decision_of(request.user, school_class=school_class)
    together = request.session.get("approved_together", [])
    context = {
        "school_class": school_class,
        "census": census,
        "ticks_registered": listing.values["show"] == PAPER_ONLY,
        **_scanning(request),
        "last": last,
        "together": together if last and last.pk in together else [],
        "can_take_back": paper_undo.is_fresh(request, school_class),
    }
    if (
        listing.here == listing.path and not listing.wants_file
    ):  # forms lead back here anyway: not a word more of weight
        return render(request, "review/class.html", {"listing": listing, **context})
    return show_list(request, "review/class.html", listing, context)


def _scanning(request):
    """What came of the last entry, told once, and the field for the next one."""
    said = {name: request.session.pop(name, None) for name in ("scan_said", "scan_asks", "scan_typed")}
    initial = {"answer": request.session.get("scan_answer", "agree"), "code": said["scan_typed"] or ""}
    return {**said, "scan_form": ScanForm(initial=initial, is_next=said["scan_said"] is not None)}


@reviewers_only
def class_approve(request, pk):
    """Who can be approved at once, who is looked at alone; a press approves each on its own."""
    school_class = find_class(request.user, pk)
    candidates = candidates_of(_census(request, school_class), request.user)
    context = {
        "school_class": school_class,
        "ready": [one for one in candidates if not one.reasons],
        "flagged": [one for one in candidates if one.reasons],
    }
    if request.method == "POST":
        keys = set(request.POST.getlist("keys"))
        context["done"], context["failed"] = approve_all(candidates, keys=keys, by=request.user)
        approved = [one.applicant.pk for one in context["done"]]
        context["keys"] = ",".join(map(str, approved))
        context["until"] = Applicant.objects.filter(pk__in=approved).aggregate(first=Min("undo_until"))["first"]
        request.session["approved_together"] = approved
        return render(request, "review/approved.html", context)
    return render(request, "review/approve.html", context)


@reviewers_only
def class_list(request, pk):
    """The class on one sheet of A4, to tick."""
    school_class = find_class(request.user, pk)
    school_class.school = request.school
    pdf = print_list(school_class=school_class, census=_census(request, school_class), by=request.user)
    return download(pdf, _("勾選表-%s.pdf") % school_class.name)


@reviewers_only
def class_missing(request, pk):
    """Who has not answered, as text to paste."""
    school_class = find_class(request.user, pk)
    lists = missing_of(school_class, _census(request, school_class))
    return render(request, "review/missing.html", {"school_class": school_class, "lists": lists})


@reviewers_only
def class_log(request, pk):
    """Who did what for the families of the class."""
    school_class = find_class(request.user, pk)
    log = ClassLog(school_class)
    listing = Listing(
        request,
        log.rows,
        name="class-log",
        title=_("%(name)s 班：經過") % {"name": school_class.name},
        columns=log.columns,
        filters=filters(),
        sort="-at",
    )
    context = {"school_class": school_class, "log": log, "who_of": who_of}
    return show_list(request, "review/class_log.html", listing, context)


def _census(request, school_class):
    return Census.of(school_class, for_registrar=Role.REGISTRAR in request.user.roles)
