"""The school administrator's own school: what families read of it, and what happened."""

from django.contrib import messages
from django.db.models import Q
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.models import Event
from audit.words import target_words, words_of
from core.listing import Column, Filter, Listing, Search
from registry.access import staff_only
from registry.lists import show_list
from registry.roles import AccountKind, Role
from staff.forms import SchoolForm
from staff.school import GROUPS, narrow_by_group, write

school_admin = staff_only(Role.SCHOOL_ADMIN)
COLUMNS = (
    Column("at", gettext_lazy("時間"), lambda one: one.at, order=("at", "pk"), width=18),
    Column("event", gettext_lazy("事件"), lambda one: words_of(one.event), order=("event",), width=28),
    Column("who", gettext_lazy("帳號"), lambda one: one.actor_label, order=("actor_label",), width=24),
    Column("what", gettext_lazy("對象"), lambda one: target_words(one), width=24),
)


@school_admin
def own_school(request):
    """Telephones, the notice and the deadline: what families of this school read."""
    form = SchoolForm(request.POST or None, instance=request.school)
    if request.method == "POST" and form.is_valid():
        if write(school=request.school, values=form.changed_values(), by=request.user):
            messages.success(request, _("已儲存，家長馬上看得到。"))
        return redirect("staff:own-school", request.school.slug)
    return render(request, "staff/own_school.html", {"form": form})


@school_admin
def event_log(request):
    """Events of the own school, without what they hold: no number of a person stands here."""
    listing = Listing(
        request,
        Event.objects.filter(school_id=request.school.pk).filter(~Q(event="")).defer("data"),
        name="events",
        title=_("事件紀錄"),
        columns=COLUMNS,
        filters=[
            Filter("group", _("種類"), narrow_by_group, [(key, word) for key, (word, _begins) in GROUPS.items()]),
            Filter("who", _("身分"), "actor_kind", AccountKind.choices),
        ],
        search=Search(_("帳號"), lambda events, text: events.filter(actor_label__icontains=text)),
        sort="-at",
    )
    return show_list(request, "staff/event_log.html", listing)
