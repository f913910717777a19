"""One application to decide on, and the opening mail of its parents once more."""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from binding.actions.starting import renew_opening
from binding.models import Applicant, Binding
from binding.own_family import NotYours, check_not_own_family
from core.states import InvalidMove
from core.way_back import redirect_on
from review.access import reviewers_only, unless_withdrawn
from review.application_page import draw_application, find_application


@reviewers_only
@unless_withdrawn
def application_page(request, pk):
    return draw_application(request, find_application(request, pk))


@require_POST
@reviewers_only
def opening_renew(request, applicant_pk):
    """重新寄送開通信: for a parent whose initial password ran out before it was used."""
    applicant = get_object_or_404(Applicant.objects.of_reviewer(request.user), pk=applicant_pk)
    binding = get_object_or_404(Binding.objects.active().with_people(), applicant=applicant)
    try:
        check_not_own_family(request.user, binding.student)
        renew_opening(binding=binding, by=request.user)
        words = _("開通信已重新寄出，初始密碼可以再使用 %(days)d 天。")
        messages.success(request, words % {"days": settings.SSO_INITIAL_DAYS})
    except NotYours as refusal:
        messages.warning(request, str(refusal))
    except InvalidMove:
        messages.info(request, _("這個帳號已經開通。若忘記密碼，請家長在登入頁處理。"))
    return redirect_on(request, "review:application", request.school.slug, applicant.application_id)
