"""Mails of the last days that did not arrive, by school."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from config.city.figures import LATELY, failing_mails
from notifications import outbox
from notifications.models import Message
from registry.access import city_only
from registry.models import School

PAGE = 50


@city_only
def mail_list(request):
    found = failing_mails()
    school = request.GET.get("school", "")
    if school.isdecimal() and len(school) < 10:
        found = found.filter(school_id=int(school))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    names = dict(School.objects.filter(pk__in={one.school_id for one in page}).values_list("pk", "name"))
    context = {
        "page_obj": page,
        "rows": [(one, names.get(one.school_id, "")) for one in page],
        "days": LATELY.days,
        "query": f"school={school}" if school else "",
    }
    return render(request, "city/mails.html", context)


@require_POST
@city_only
def mail_again(request, pk):
    """Send one more time; what carried a link is asked for anew by its owner, or by the school."""
    message = get_object_or_404(failing_mails().filter(is_sensitive=False, state=Message.State.DEAD), pk=pk)
    outbox.resend(message=message, by=request.user)
    messages.success(request, _("已排入重寄，稍後就會寄出。"))
    return redirect("city:mails")
