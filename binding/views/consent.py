"""Step 2, first half: the privacy notice and the family's answer."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from binding.actions import application as actions
from binding.forms import ConsentForm
from binding.models import Binding
from binding.progress import Progress
from binding.steps import step
from consent.models import ConsentDecision, ConsentText


@step(Progress.check_can_answer_consent)
def consent(request):
    text = ConsentText.objects.current()
    student = request.user.student
    form = _form(request, student)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["text_digest"] != text.digest:
            messages.warning(request, _("同意書剛剛更新了，請再讀一次後作答。"))
            return redirect("binding:consent", request.school.slug)
        decision = actions.answer_consent(
            student=student, answer=form.cleaned_data["answer"], text=text, by=request.user
        )
        return _onward(request, decision)
    context = {"form": form, "text": text, "progress": request.progress}
    return render(request, "binding/consent.html", context)


def _form(request, student):
    decision = request.progress.decision
    return ConsentForm(
        request.POST or None,
        has_bindings=Binding.objects.standing().filter(student=student).exists(),
        initial={"answer": decision.answer if decision else None},
    )


def _onward(request, decision):
    if decision.answer == ConsentDecision.Answer.AGREED:
        return redirect("binding:apply", request.school.slug)
    messages.success(request, _("已收到您的意願：不申辦親子帳號。日後改變心意，隨時可以回來重新作答。"))
    return redirect("binding:tasks", request.school.slug)
