"""Mails of the last days that did not arrive, by school."""

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from core import emails, way_back
from core.listing import Column, Filter, Listing
from notifications import outbox
from notifications.models import LATELY, Message, Outcome
from registry.access import city_only
from registry.lists import show_list
from registry.models import School


def why(mail):
    """What the other side or our own try said."""
    return f"{mail.get_bounced_as_display()} {mail.server_code}".strip() if mail.bounced_as else mail.last_error


@city_only
def mail_list(request):
    """Nobody's whole address: enough to hear a slip in it."""
    names = dict(School.objects.values_list("pk", "name"))
    listing = Listing(
        request,
        Message.objects.failing(),
        name="mails",
        title=_("沒有送達的信"),
        columns=[
            Column("subject", gettext_lazy("主旨"), lambda one: one.subject, order=("subject",), width=40),
            Column("school", gettext_lazy("學校"), lambda one: names.get(one.school_id, ""), order=("school_id",)),
            Column("to", gettext_lazy("收件人"), lambda one: emails.hint(one.to), width=28),
            Column("state", gettext_lazy("狀態"), lambda one: str(one.fate)),
            Column("why", gettext_lazy("原因"), why, width=40),
            Column("at", gettext_lazy("時間"), lambda one: one.created_at, order=("created_at",)),
            Column("do", gettext_lazy("操作")),
        ],
        filters=[
            Filter("school", _("學校"), "school_id", sorted(names.items(), key=lambda one: one[1])),
            Filter("bounced", _("退信"), "bounced_as", Outcome.choices),
        ],
        sort="-at",
    )
    return show_list(request, "city/mails.html", listing, {"days": LATELY.days, "names": names, "why": why})


@require_POST
@city_only
def mail_again(request, pk):
    """Send one more time; what carried a link is asked for anew by its owner, or by the school."""
    message = get_object_or_404(Message.objects.failing().filter(is_sensitive=False, state=Message.State.DEAD), pk=pk)
    outbox.resend(message=message, by=request.user)
    messages.success(request, _("已排入重寄，稍後就會寄出。"))
    return way_back.redirect_back(request, "city:mails")
