"""委託照顧 at the registrar's desk: entered from a mandate, prolonged by a new one."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts.sso_accounts import EmailTaken
from binding.actions import delegation as actions
from binding.actions.starting import renew_opening
from binding.desk.bindings import find_binding
from binding.desk.delegation_forms import DelegationForm, MandateForm
from binding.desk.forms import may_ask
from binding.desk.papers import open_paper
from binding.models import Delegation
from binding.own_family import NotYours, check_not_own_account
from core.states import InvalidMove
from core.way_back import redirect_on
from registry.access import registrars_only
from registry.models import Student
from registry.waiting_files import Waiting


@sensitive_post_parameters("identity_number")
@registrars_only
def delegate(request, student_pk):
    students = Student.objects.filter(school=request.school).select_related("school", "school_class")
    student = get_object_or_404(students, pk=student_pk)
    waiting = Waiting(request, "document", f"delegation-{student_pk}")
    form = DelegationForm(request.POST or None, waiting.files, student=student)
    if request.method == "POST" and may_ask(form, request.user):
        mandate = _enter(form, actions.delegate, student=student, by=request.user, **form.values())
        if mandate:
            waiting.let_go()
            messages.success(request, _("已登錄委託照顧，系統會寄信通知照顧者與委託人。"))
            return redirect_on(request, "binding:binding", request.school.slug, mandate.binding_id)
    waiting.keep(form)
    return render(request, "binding/desk/delegate.html", {"form": form, "student": student})


@registrars_only
def delegation_prolong(request, pk):
    """延長: a new mandate of the same guardian for the same carer."""
    binding = find_binding(request, pk)
    if not binding.is_delegated:
        raise Http404
    waiting = Waiting(request, "document", f"mandate-{pk}")
    form = MandateForm(request.POST or None, waiting.files)
    if request.method == "POST" and form.is_valid():
        mandate = _enter(form, actions.prolong, binding=binding, by=request.user, **form.cleaned_data)
        if mandate:
            waiting.let_go()
            messages.success(request, _("已延長，系統會寄信通知照顧者與委託人。"))
            return redirect_on(request, "binding:binding", request.school.slug, pk)
    waiting.keep(form)
    return render(request, "binding/desk/delegation_prolong.html", {"form": form, "binding": binding})


def _enter(form, action, **what):
    """The mandate that was entered; why not, the form says."""
    try:
        return action(**what)
    except EmailTaken:
        form.add_error("email", _("這個電子郵件無法使用，請改用照顧者自己的其他信箱。"))
    except actions.SamePerson:
        form.add_error("identity_number", _("照顧者和委託人不能是同一個人。"))
    except actions.AlreadyBound:
        form.add_error("identity_number", _("這個人已經和這位學生綁定。委託期間要延長，請到該綁定的頁面。"))
    except actions.Barred:
        form.add_error(None, _("這個人有法院裁定的限制，裁定期間不能和這位學生綁定。"))
    except actions.Declined:
        form.add_error(None, _("家長目前的意願是無意參加，或正在撤回同意。請家長先改變意願，再登錄委託。"))
    except actions.NotPresent:
        form.add_error(None, _("這位學生已經畢業或離校，不能登錄委託。"))
    except actions.TooLate:
        form.add_error(None, _("新的委託書要接著目前的期間，結束日要更晚；已經結束的委託，請重新登錄。"))
    except NotYours as refusal:
        form.add_error(None, str(refusal))
    return None


@registrars_only
def delegation_file(request, pk):
    mandate = get_object_or_404(Delegation.objects.of_registrar(request.user), pk=pk)
    return open_paper(mandate, event="delegation.viewed", by=request.user, name="mandate")


@require_POST
@registrars_only
def binding_opening(request, pk):
    """重新寄送開通信: for whoever never came in with the initial password."""
    binding = find_binding(request, pk)
    try:
        check_not_own_account(request.user, binding.account)
        if not binding.is_active:
            raise InvalidMove(binding.state, "opened again")
        renew_opening(binding=binding, by=request.user)
        words = _("開通信已重新寄出，初始密碼可以再使用 %(days)d 天。")
        messages.success(request, words % {"days": settings.SSO_INITIAL_DAYS})
    except NotYours as refusal:
        messages.warning(request, str(refusal))
    except InvalidMove:
        messages.info(request, _("這個帳號已經開通，或綁定沒有生效，沒有寄信。"))
    return redirect_on(request, "binding:binding", request.school.slug, pk)
