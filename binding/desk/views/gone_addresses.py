"""退信的信箱: families whose mails come back, and where their address is put right."""

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from binding.actions.gone_addresses import try_again
from binding.reachability import gone_addresses_of, list_unreached, with_words
from core.listing import Column, Listing, Search
from core.way_back import redirect_back
from registry.access import registrars_only
from registry.columns import of_student
from registry.lists import show_list

COLUMNS = (
    *of_student(student=lambda one: one.student, in_memory=True),
    Column("person", gettext_lazy("收信的人"), lambda one: one.name, order=lambda one: one.name),
    Column("email", gettext_lazy("電子郵件"), lambda one: one.email, order=lambda one: one.email, width=28),
    Column("since", gettext_lazy("從何時起"), lambda one: one.gone.since, order=lambda one: one.gone.since),
    Column("tools", gettext_lazy("處理")),
)


@registrars_only
def gone_addresses(request):
    listing = Listing(
        request,
        list_unreached(request.school),
        name="gone-addresses",
        title=_("退信的信箱"),
        columns=COLUMNS,
        search=Search(_("學號、學生或家長姓名，或電子郵件"), with_words),
        sort="-since",
    )
    return show_list(request, "binding/desk/gone_addresses.html", listing)


@require_POST
@registrars_only
def gone_address_again(request, pk):
    """The family says that the address does exist by now."""
    gone = get_object_or_404(gone_addresses_of(request.school), pk=pk)
    try_again(gone=gone, by=request.user)
    messages.success(request, _("之後的信會再寄到這個信箱；之前沒有寄出的，請按需要重新寄送。"))
    return redirect_back(request, "binding:gone-addresses", request.school.slug)
