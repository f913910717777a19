"""已收到您的申請: the link by which the reader says whose mailbox it is, and the mail once more."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts.pauses import Paused
from binding.actions import address
from binding.progress import Progress
from binding.steps import editable_application, step
from core.one_time_links import LinkOver
from core.states import InvalidMove
from registry.access import public_school_page


@never_cache
@sensitive_post_parameters()
@public_school_page
def by_link(request):
    """Opening the page says nothing: a mail scanner may have been here first."""
    token = request.POST.get("token") or request.GET.get("token", "")
    proof = address.find_proof(request.school, token)
    said = request.POST.get("answer", "")
    if proof and said in ("own", "not"):
        try:
            address.answer(proof=proof, is_own=said == "own")
        except LinkOver:
            proof = None
    elif proof and proof.state == proof.State.CONFIRMED:
        said = "own"
    is_done = said in ("own", "not")
    return render(
        request,
        "binding/address_link.html",
        {"found": proof, "token": token, "said": said, "is_done": proof and is_done},
    )


@require_POST
@step(Progress.check_can_sign)
def again(request, position):
    """再寄一次: the mail with a fresh link; not to the other parent's mailbox while custody is restricted."""
    applicant = editable_application(request, position).applicant_at(position)
    if applicant is None or request.progress.is_restricted:
        raise Http404
    try:
        address.ask_again(applicant=applicant, by=request.user)
        messages.success(request, _("已再寄一次。幾分鐘後還沒收到，請看看垃圾郵件，或確認電子郵件有沒有打錯。"))
    except Paused:
        messages.warning(request, _("今天已經寄了好幾次，請明天再試，或確認電子郵件有沒有打錯。"))
    except InvalidMove:
        messages.info(request, _("這個信箱不必再確認了。"))
    return redirect("binding:sign", request.school.slug)
