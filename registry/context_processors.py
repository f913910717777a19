from functools import partial

from core import way_back


def school(request):
    """The school of the page, for the head of the sheet and the contact lines; absent on the city's pages."""
    return {"school": getattr(request, "school", None)}


def the_way_back(request):
    """`came_from`: the list that the page was opened from, or ""; `onward(url)`: a page further on, from the same list;
    `leading_back(url)`: a page opened from the list that this page is.
    """
    if request.resolver_match is None:
        return {"came_from": "", "onward": str, "leading_back": str}
    return {
        "came_from": way_back.came_from(request),
        "onward": partial(way_back.onward, request),
        "leading_back": partial(way_back.leading_back, request),
    }
