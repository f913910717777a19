"""The family's own 申請書, for who lost it."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts import rations
from accounts.pauses import Paused
from binding.steps import step
from core.downloads import download
from registry.paper_forms.printing import print_own

PRINTS_AN_HOUR = 10  # each is set anew, which takes a second of a processor


@step()
def paper_form(request):
    """Of the own child alone: whose it is comes from the account, nothing from the address."""
    try:
        rations.consume("paper-form", request.user.pk, limit=PRINTS_AN_HOUR, minutes=60)
    except Paused as paused:
        words = ngettext(
            "短時間內下載太多次了，請等 %(minutes)d 分鐘再試。",
            "短時間內下載太多次了，請等 %(minutes)d 分鐘再試。",
            paused.minutes,
        )
        messages.warning(request, words % {"minutes": paused.minutes})
        return redirect("binding:tasks", request.school.slug)
    student, until = request.user.student, request.progress.deadline
    pdf = print_own(student=student, language=get_language(), until=until, by=request.user)
    return download(pdf, f"{_('申請書')}.pdf")
