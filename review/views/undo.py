"""The last registration of paper forms, for as long as it can be taken back."""

import time

KEPT = 5 * 60  # seconds


def remember(request, school_class, before):
    """Keep {student's key: answer before} of what was just registered; keys and answers only, no person's data."""
    request.session["paper_undo"] = {
        "class": school_class.pk,
        "at": int(time.time()),
        "before": {str(key): answer for key, answer in before.items()},
    }


def is_fresh(request, school_class):
    kept = request.session.get("paper_undo")
    return bool(
        kept and kept["before"] and kept["class"] == school_class.pk and kept["at"] > time.time() - KEPT
    )


def take(request, school_class):
    """{student's key: answer before}, once."""
    before = request.session["paper_undo"]["before"] if is_fresh(request, school_class) else {}
    request.session.pop("paper_undo", None)
    return {int(key): answer for key, answer in before.items()}
