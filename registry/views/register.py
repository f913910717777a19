"""異動名冊: the month's moves, to look at and to take away."""

from django.utils.translation import gettext as _

from core.listing import Filter, Listing, Search
from registry import register
from registry.access import registrars_only
from registry.lists import show_list
from registry.models import StudentChange


@registrars_only
def month(request):
    kinds = [(kind, kind.label) for kind in StudentChange.IN_REGISTER]
    listing = Listing(
        request,
        register.register_of(request.school),
        name="register",
        title=_("異動名冊"),
        columns=register.COLUMNS,
        filters=[
            Filter("month", _("月份"), register.in_month, register.months(), default=register.this_month()),
            Filter("kind", _("異動別"), "kind", kinds),
        ],
        search=Search(_("學號或姓名"), register.of_words, instead=_("請不要在這裡輸入證號。請用學號或姓名查詢。")),
        sort="-on",
        decorate=register.in_words,
    )
    return show_list(request, "registry/register.html", listing)
