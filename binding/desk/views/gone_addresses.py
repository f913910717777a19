"""退信的信箱: families whose mails come back, and where their address is put right."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from binding.actions.gone_addresses import try_again
from binding.reachability import gone_addresses_of, list_unreached
from core.way_back import redirect_back
from registry.access import registrars_only

PAGE = 50


@registrars_only
def gone_addresses(request):
    page = Paginator(list_unreached(request.school), PAGE).get_page(request.GET.get("page"))
    return render(request, "binding/desk/gone_addresses.html", {"page_obj": page})


@require_POST
@registrars_only
def gone_address_again(request, pk):
    """The family says that the address does exist by now."""
    gone = get_object_or_404(gone_addresses_of(request.school), pk=pk)
    try_again(gone=gone, by=request.user)
    messages.success(request, _("之後的信會再寄到這個信箱；之前沒有寄出的，請按需要重新寄送。"))
    return redirect_back(request, "binding:gone-addresses", request.school.slug)
