"""Where a page of review leads back to."""

from django.urls import reverse

from core.way_back import redirect_back


def to_board(request, school_class, student=None):
    """The board of the class, narrowed as it was; at the row of `student`, if any."""
    anchor = f"seat-{student.seat_number}" if student else ""
    board = reverse("review:class", args=[request.school.slug, school_class.pk])
    return redirect_back(request, board, anchor=anchor)
