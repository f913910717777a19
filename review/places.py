"""Where a page of review leads back to."""

from urllib.parse import urlencode

from django.shortcuts import redirect


def to_board(request, school_class, student=None, **query):
    """The board of the class, narrowed as it was; at the row of `student`, if any."""
    where = redirect("review:class", request.school.slug, school_class.pk)
    if show := request.POST.get("show", ""):
        query = {"show": show, **query}
    if query:
        where["Location"] += f"?{urlencode(query)}"
    if student:
        where["Location"] += f"#seat-{student.seat_number}"
    return where
