"""The year's end: where every class goes, a look at what happens, then all at once."""

from django.contrib import messages
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from core.way_back import redirect_back
from registry.access import registrars_only
from registry.models import Student
from registry.promotion import AlreadyPromoted, classes_to_promote, foresee, is_usual_season, promote
from registry.promotion_form import PromotionForm
from registry.promotion_plan import GRADUATES, CannotPromote


@registrars_only
def promotion(request):
    """Fill in, preview (`look`), confirm (`promote`): nothing is written before the last."""
    school = request.school
    classes = list(classes_to_promote(school))
    form = PromotionForm(request.POST or None, classes=classes, initial={"year": school.school_year})
    foresight = None
    if request.method == "POST" and form.is_valid():
        if "promote" in request.POST and form.is_understood():
            if (done := _promote(request, form)) is not None:
                return done
        elif "promote" in request.POST or "look" in request.POST:
            foresight = _look(school, form)
    context = {
        "form": form,
        "classes": classes,
        "foresight": foresight,
        "plan": _plan(form) if foresight else None,
        "missing": Student.objects.enrolled().filter(school=school, missing_from__isnull=False).count(),
        "next_year": school.school_year + 1,
        "is_unusual_now": not is_usual_season(timezone.localdate()),
    }
    return render(request, "registry/promotion.html", context)


def _promote(request, form):
    try:
        counts = promote(
            school=request.school,
            year=form.cleaned_data["year"],
            targets=form.targets(),
            repeats=form.cleaned_data["repeats"],
            renumber=form.cleaned_data["renumber"],
            by=request.user,
        )
    except AlreadyPromoted:
        messages.info(request, _("已經升級過了。"))
    except CannotPromote as cannot:
        form.add_error(None, cannot.problems)
        return None
    else:
        words = _("升級完成：升級 %(promoted)d 人，重讀 %(repeating)d 人，畢業 %(graduated)d 人。")
        messages.success(request, words % counts)
    return redirect_back(request, "registry:classes", request.school.slug)


def _look(school, form):
    """What the promotion would end as it is filled in; None, with the reasons in the form, where it can't be done."""
    try:
        return foresee(
            school=school,
            targets=form.targets(),
            repeats=form.cleaned_data["repeats"],
            renumber=form.cleaned_data["renumber"],
        )
    except CannotPromote as cannot:
        form.add_error(None, cannot.problems)
        return None


def _plan(form):
    """(class, where to or "" to graduate, how many) as the preview tells it."""
    targets = {name: "" if target == GRADUATES else target for name, target in form.targets().items()}
    return [(one.name, targets[one.name], one.enrolled) for one in form.classes]
