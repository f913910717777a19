"""Step 2, first half: the privacy notice and the family's answer."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from binding.actions.consent import answer_consent
from binding.actions.withdrawal import AskedTooOften
from binding.forms import ConsentForm
from binding.models import Binding, Withdrawal
from binding.progress import Progress
from binding.steps import onward, step
from consent.models import ConsentDecision, ConsentText
from registry.for_pages import roc_datetime


@step(Progress.check_can_answer_consent)
def consent(request):
    text = ConsentText.objects.current()
    asked_for = request.POST.get("language") or request.GET.get("language") or get_language()
    read = text.in_language(asked_for)
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["text_digest"] != read.digest:
            messages.warning(request, _("同意書剛剛更新了，請再讀一次後填答。"))
            return redirect("binding:consent", request.school.slug)
        answer = form.cleaned_data["answer"]
        try:
            answer_consent(
                student=request.user.student, answer=answer, text=text, by=request.user, language=read.language
            )
            return _onward(request, answer)
        except AskedTooOften:
            form.add_error(None, _("今天已經請已綁定的人確認很多次了，請明天再試，或與註冊組聯絡。"))
    context = {"form": form, "text": text, "read": read, "progress": request.progress}
    return render(request, "binding/consent.html", context)


def _form(request):
    has_bindings = Binding.objects.lasting().filter(student=request.user.student).exists()
    return ConsentForm(request.POST or None, has_bindings=has_bindings)


def _onward(request, answer):
    if answer == ConsentDecision.Answer.AGREED:
        return onward(request, again=True)
    asked = Withdrawal.objects.open().filter(student=request.user.student).first()
    if asked:
        words = _("已寄信請已綁定的人各自確認。%(until)s 前沒有答覆，就維持原來的綁定。")
        messages.success(request, words % {"until": roc_datetime(asked.expires_at)})
        return redirect("binding:tasks", request.school.slug)
    return redirect("binding:tasks", request.school.slug)
