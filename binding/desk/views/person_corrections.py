"""姓名證號更正: a registrar proposes what is right, and a second member of staff agrees with the paper in hand."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from binding.actions import person_correction as actions
from binding.desk.bindings import find_binding
from binding.desk.forms import may_ask
from binding.desk.person_forms import AgreeForm, PersonCorrectionForm
from binding.models import PersonCorrection
from binding.own_family import NotYours
from core.listing import Column, Filter, Listing
from core.way_back import redirect_back, redirect_on
from registry.access import registrars_only, staff_only
from registry.columns import class_filter, of_student
from registry.lists import show_list
from registry.roles import Role

TAKEN = gettext_lazy(
    "這個證號已有另一個單一身分驗證帳號，不能更正成這個證號；兩個帳號也不會合併。請核對證件：確是同一人時，"
    "請終止這個綁定（原因選「綁定有誤」），請本人用原有的帳號重新申辦。"
)
NOT_BOUND = gettext_lazy("這個綁定目前沒有生效，請由有生效綁定的學校更正。")
OVER = gettext_lazy("這次更正已經有結果了，不必再處理。")
second_persons_only = staff_only(Role.REGISTRAR, Role.SCHOOL_ADMIN)
COLUMNS = (
    *of_student("binding__student__", lambda one: one.binding.student, name="masked_name"),
    Column("person", gettext_lazy("更正的人"), lambda one: one.former_name, order=("former_name",)),
    Column("what", gettext_lazy("更正"), lambda one: one.what),
    Column("paper", gettext_lazy("看過的證件"), lambda one: one.get_paper_display(), order=("paper",)),
    Column("by", gettext_lazy("提出"), lambda one: one.asked_by.display_name),
    Column("asked", gettext_lazy("提出時間"), lambda one: one.asked_at, order=("asked_at",)),
    Column("state", gettext_lazy("狀態"), lambda one: one.get_state_display(), order=("state",)),
)


@second_persons_only
def people(request):
    listing = Listing(
        request,
        _of_school(request),
        name="people",
        title=_("姓名證號更正"),
        columns=COLUMNS,
        filters=[
            Filter("state", _("狀態"), "state", PersonCorrection.State.choices, default=PersonCorrection.State.ASKED),
            class_filter(request.school, "binding__student__"),
        ],
        sort="asked",
    )
    return show_list(request, "binding/desk/people.html", listing)


@sensitive_post_parameters()
@registrars_only
def correct_person(request, pk):
    """The right name or number, and the paper seen; `pk` of the binding."""
    binding = find_binding(request, pk)
    form = PersonCorrectionForm(request.POST or None)
    if request.method == "POST" and may_ask(form, request.user) and _propose(form, binding, request.user):
        messages.success(request, _("已提出更正。請另一位註冊組同仁或學校管理者看過證件，到「姓名證號更正」確認。"))
        return redirect_on(request, "binding:binding", request.school.slug, pk)
    return render(request, "binding/desk/person_correct.html", {"form": form, "binding": binding})


def _propose(form, binding, by):
    values = {field: form.cleaned_data[field] for field in ("new_name", "identity_number", "paper", "note")}
    return _try(form, "identity_number", actions.ask_to_correct_person, binding=binding, by=by, **values)


@sensitive_post_parameters()
@second_persons_only
def person(request, pk):
    """What is proposed; the second person types the number from the paper and agrees."""
    change = get_object_or_404(_of_school(request), pk=pk)
    form = AgreeForm(request.POST if request.method == "POST" else None, change=change)
    if form.is_valid():
        typed = form.cleaned_data.get("typed_number", "")
        if _try(form, "typed_number", actions.agree, change=change, typed_number=typed, by=request.user):
            messages.success(request, _("已更正，系統會寄信通知本人。"))
            return redirect_back(request, "binding:people", request.school.slug)
    return render(request, "binding/desk/person.html", {"form": form, "change": change})


@require_POST
@second_persons_only
def refuse(request, pk):
    return _close(request, pk, actions.refuse, _("已記下不同意，姓名和證號沒有改變。"))


@require_POST
@registrars_only
def cancel(request, pk):
    return _close(request, pk, actions.cancel, _("已取消更正，姓名和證號沒有改變。"))


def _close(request, pk, action, words):
    change = get_object_or_404(_of_school(request), pk=pk)
    try:
        action(change=change, by=request.user)
        messages.success(request, words)
    except actions.AlreadyOver:
        messages.info(request, OVER)
    except actions.NotBound:
        messages.warning(request, NOT_BOUND)
    except NotYours as refusal:
        messages.warning(request, str(refusal))
    return redirect_back(request, "binding:people", request.school.slug)


def _try(form, number_field, action, **values):
    """What `action` gives, or None with the reason in the form."""
    number = number_field if number_field in form.fields else None
    try:
        return action(**values)
    except actions.NumberTaken:
        form.add_error(number, TAKEN)
    except actions.NumberDiffers:
        form.add_error(
            number, _("和提出的證號不同。請再看一次證件；證件沒有錯的話，請按「不同意」，由註冊組重新提出。")
        )
    except actions.NothingNew:
        form.add_error(None, _("這就是目前的姓名和證號。"))
    except actions.NotBound:
        form.add_error(None, NOT_BOUND)
    except actions.AlreadyOver:
        form.add_error(None, OVER)
    except NotYours as refusal:
        form.add_error(None, str(refusal))
    return None


def _of_school(request):
    changes = PersonCorrection.objects.filter(binding__student__school=request.school)
    return changes.select_related("account__user", "asked_by__school", "decided_by", "binding__student__school_class")
