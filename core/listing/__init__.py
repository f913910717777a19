"""Lists of the desks: narrowed, searched, sorted, leafed through and taken away in one way.

    listing = Listing(
        request, Student.objects.filter(school=school), name="students", title=_("學生"), sort="seat",
        columns=[Column("seat", _("座號"), lambda one: one.seat_number, order=["seat_number"], is_number=True), …],
        filters=[Filter("status", _("狀態"), "status", Student.Status.choices)],
        search=Search(_("學號、姓名"), lambda rows, text: rows.filter(…)),
    )

What is chosen stands in the address, so that it can be sent, reloaded and come back to. Words that are typed do not: they
are posted, and come back sealed for the one who typed them (core.words_token). Whatever an address asks for that is not
offered is left out and said (`problems`). `registry.lists.show_list` answers with it; ui.listing_tools, ui.listing_head
and ui.listing_pages draw it. Rows are a queryset, or a list that is in memory anyway.
"""

from core.listing.declared import Column, Filter, Search
from core.listing.listing import Listing

__all__ = ["Column", "Filter", "Listing", "Search"]
