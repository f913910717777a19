"""Reminders of a school: the ladder, its preview, start and stop; and the page that the link of a mail opens."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from registry.access import public_school_page, staff_only
from registry.lists import show_list
from registry.roles import Role
from review.reminders import actions, optout
from review.reminders.forms import LadderForm, SlipsForm
from review.reminders.lists import list_of_extensions
from review.reminders.models import ReminderSlipBatch
from review.reminders.overview import Overview, went_out

desk_only = staff_only(Role.REGISTRAR, Role.SCHOOL_ADMIN)


@desk_only
def reminders(request):
    """Write deadline and ladder; what that would send, what went out, who has more time."""
    school = request.school
    ladder = actions.ladder_of(school)
    listing = list_of_extensions(request)
    form = LadderForm(
        request.POST if request.method == "POST" and not listing.is_posted else None,
        initial={"deadline": school.binding_deadline, "days": ladder.days},
        current=school.binding_deadline,
    )
    if form.is_bound and form.is_valid():
        was_on = ladder.is_on
        ladder = actions.write_ladder(school=school, by=request.user, **form.cleaned_data)
        _say_saved(request, was_on, ladder)
        return redirect("review:reminders", school.slug)
    context = {
        "form": form,
        "ladder": ladder,
        "version": actions.version_of(ladder, school),
        "overview": Overview.of(school, ladder.days),
        "went_out": went_out(school),
        "slips_form": SlipsForm(),
        "batches": ReminderSlipBatch.objects.filter(school=school).select_related("made_by")[:5],
    }
    return show_list(request, "review/reminders/desk.html", listing, context)


def _say_saved(request, was_on, ladder):
    if was_on and not ladder.is_on:
        words = _("已儲存。自動提醒先停下來了，請看過新的預覽，再按「開始提醒」。")
        messages.warning(request, words)
    else:
        messages.success(request, _("已儲存。"))


@require_POST
@desk_only
def reminders_start(request):
    try:
        actions.start(school=request.school, version=request.POST.get("version", ""), by=request.user)
        messages.success(request, _("已開始提醒。預覽裡的信會在當天早上八點以後寄出。"))
    except actions.Changed:
        messages.warning(request, _("設定剛剛有變動，還沒有開始。請再看一次預覽，再按「開始提醒」。"))
    except actions.NoDeadline:
        messages.warning(request, _("還沒有開始：請先設定今天以後的截止日。"))
    return redirect("review:reminders", request.school.slug)


@require_POST
@desk_only
def reminders_stop(request):
    stopped = actions.stop(school=request.school, by=request.user)
    words = ngettext(
        "已停止。還沒寄出的 %(count)d 封提醒不會寄了。", "已停止。還沒寄出的 %(count)d 封提醒不會寄了。", stopped
    )
    messages.success(request, words % {"count": stopped})
    return redirect("review:reminders", request.school.slug)


# The token is the proof of who asks. A mail program posts it without a cookie (RFC 8058), and it is answered
# with a page, never sent elsewhere.
@csrf_exempt
@never_cache
@public_school_page
def reminder_stop(request, token):
    """Stop reminders for one address and one student, or let them come again; opening the page does nothing."""
    known = optout.read_token(token)
    if known is None:
        raise Http404
    student, address = known
    if request.method == "POST":
        deed = optout.opt_in if request.POST.get("again") else optout.opt_out
        deed(student=student, address=address)
    context = {"student": student, "is_stopped": optout.has_opted_out(student, address)}
    return render(request, "review/reminders/stop.html", context)
