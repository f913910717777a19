"""The last registration of paper forms, kept in the session for five minutes so that it can be taken back."""

import time

from review.paper_register import facts_of

KEPT = 5 * 60  # seconds


def remember(request, school_class, marks, *, goes_on=False):
    """Keep what stood before `marks` (see `review.paper_register`), which were made on the page of `school_class`.

    `goes_on`: they belong to the same press as those before, so that one undo puts back both. Keys, answers and
    moments only, no person's data.
    """
    before = _kept(request, school_class) if goes_on else {}
    for mark in marks:
        key = str(mark.after.student_id)
        first = before[key][0] if key in before else facts_of(mark.before)
        before[key] = [first, mark.after.marked_at.isoformat()]
    request.session["paper_undo"] = {"class": school_class.pk, "at": int(time.time()), "before": before}


def is_fresh(request, school_class):
    return bool(_kept(request, school_class))


def take(request, school_class):
    """{student's key: (facts before or None, moment of the registration)}, once."""
    before = _kept(request, school_class)
    request.session.pop("paper_undo", None)
    return {int(key): tuple(pair) for key, pair in before.items()}


def _kept(request, school_class):
    kept = request.session.get("paper_undo")
    is_its = kept and kept["class"] == school_class.pk and kept["at"] > time.time() - KEPT
    return dict(kept["before"]) if is_its else {}
