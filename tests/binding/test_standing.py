"""Every state that a family can be in, reached by real actions: what the pages say is what the table says."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import SSOAccount, User
from binding.actions import application as actions
from binding.actions.confirmation import decide_correction, request_correction
from binding.actions.consent import answer_consent
from binding.actions.ending import end_by_parent, end_by_withdrawn_consent
from binding.models import Application, Binding, CorrectionRequest, WithdrawalAnswer
from binding.progress import Progress
from binding.standing import Standing
from binding.standing_words import SAYS, State
from consent.models import ConsentDecision, ConsentText
from notifications.models import Message
from registry.models import Student
from registry.signals import students_ended
from review.decisions import approve, reject, return_for_changes
from review.escalation import escalate
from review.paper_register import mark_paper_form
from tests.accounts.factories import PASSWORD, family_of, log_in, registrar_of, teacher_of
from tests.binding.factories import (
    Kind,
    answered_family,
    applicant_values,
    approved_application,
    confirmed_family,
    draft_application,
    reload,
    sent_application,
)
from tests.registry.factories import StudentFactory

pytestmark = pytest.mark.django_db

DECLINED, AGREED = ConsentDecision.Answer.DECLINED, ConsentDecision.Answer.AGREED


def teacher_for(application):
    return teacher_of(application.student.school_class)


def two_sent():
    application = sent_application(kind=Kind.TWO_PARENTS)
    teacher = teacher_for(application)
    mark_paper_form(student=application.student, answer="agree", by=teacher)
    return application, teacher


def approved():
    student = StudentFactory()
    return approved_application(teacher_of(student.school_class), student)


def unbind_one(application):
    binding = Binding.objects.filter(applicant__application=application).order_by("pk").first()
    end_by_parent(binding=binding, by=binding.account.user)
    return application.started_by


def changed():
    user = confirmed_family()
    user.student.name = "尹書研"
    user.student.save()
    return user


def correcting():
    user = family_of(StudentFactory())
    request_correction(student=user.student, proposed={"name": "尹書研"}, by=user)
    return user


def corrected(status, answer=""):
    user = correcting()
    request = CorrectionRequest.objects.get(student=user.student)
    values = {"name": "尹書研"} if status == "done" else None
    decide_correction(request=request, status=status, answer=answer, by=registrar_of(user.school), values=values)
    return User.objects.get(pk=user.pk)


def chosen():
    user = answered_family()
    actions.choose_kind(student=user.student, kind=Kind.ONE_PARENT, by=user)
    return user


def checked():
    application = draft_application()
    actions.mark_checked(application=application, by=application.started_by)
    return application.started_by


def taken_back():
    application = sent_application()
    actions.withdraw(application=application, by=application.started_by)
    return application.started_by


def returned():
    application = sent_application()
    options = {"reason": "手機不對", "revision": 1, "by": teacher_for(application)}
    return_for_changes(applicant=application.applicants.get(), **options)
    return application.started_by


def handed_over(why, kind):
    application = sent_application(kind=kind)
    escalate(application=application, why=why, by=teacher_for(application), note="家裡的事")
    return application.started_by


def one_approved():
    application, teacher = two_sent()
    approve(applicant=application.applicant_at(1), revision=1, by=teacher)
    return application, teacher


def one_refused():
    application, teacher = one_approved()
    reject(applicant=application.applicant_at(2), reason="不是母親", revision=1, by=teacher)
    return application.started_by


def refused():
    application = sent_application()
    reject(applicant=application.applicants.get(), reason="不是監護人", revision=1, by=teacher_for(application))
    return application.started_by


def one_unbound():
    application, teacher = one_approved()
    approve(applicant=application.applicant_at(2), revision=1, by=teacher)
    return unbind_one(application)


def withdrawing():
    user = approved().started_by
    answer_consent(student=user.student, answer=DECLINED, text=ConsentText.objects.current(), by=user)
    return user


def declined_unbound():
    user = withdrawing()
    answer = WithdrawalAnswer.objects.get(binding__student=user.student)
    end_by_withdrawn_consent(answer=answer, how="link", by=answer.binding.account.user)
    return user


WAYS = {
    State.UNCONFIRMED: lambda: family_of(StudentFactory()),
    State.CHANGED: changed,
    State.CORRECTING: correcting,
    State.CORRECTED: lambda: corrected("done"),
    State.NOT_CORRECTED: lambda: corrected("declined", "戶籍資料為妍。"),
    State.UNANSWERED: confirmed_family,
    State.DECLINED: lambda: answered_family(answer=DECLINED),
    State.AGREED: answered_family,
    State.DRAFT: chosen,
    State.NOT_SENT: checked,
    State.SENT: lambda: sent_application().started_by,
    State.SEEN: lambda: handed_over("guardianship", Kind.GUARDIAN),
    State.AT_REGISTRAR: lambda: handed_over("other", Kind.ONE_PARENT),
    State.ONE_WAITING: lambda: one_approved()[0].started_by,
    State.RETURNED: returned,
    State.TAKEN_BACK: taken_back,
    State.REJECTED: refused,
    State.ONE_REFUSED: one_refused,
    State.APPROVED: lambda: approved().started_by,
    State.UNBOUND: lambda: unbind_one(approved()),
    State.ONE_UNBOUND: one_unbound,
    State.WITHDRAWING: withdrawing,
    State.DECLINED_UNBOUND: declined_unbound,
}
# What else the family reads of it: in the history, and in the words of mails.
HISTORY = {
    State.CORRECTING: "申請更正學生資料",
    State.CORRECTED: "註冊組更正學生資料",
    State.NOT_CORRECTED: "註冊組核對後沒有更正",
    State.UNANSWERED: "確認學生資料",
    State.DECLINED: "線上勾選無意參加",
    State.AGREED: "線上勾選同意",
    State.DRAFT: "開始填寫申請",
    State.NOT_SENT: "確認申請資料，還沒有送出",
    State.SENT: "送出申請",
    State.SEEN: "導師已檢視，轉請註冊組審核",
    State.AT_REGISTRAR: "轉請註冊組審核",
    State.ONE_WAITING: "學校核可第一位申請人",
    State.RETURNED: "學校退回修正",
    State.TAKEN_BACK: "撤回申請",
    State.REJECTED: "學校審核未通過",
    State.ONE_REFUSED: "第二位申請人審核未通過",
    State.APPROVED: "學校核可申請",
    State.UNBOUND: "一位家長的綁定解除",
    State.ONE_UNBOUND: "一位家長的綁定解除",
    State.WITHDRAWING: "提出不申辦，請已綁定的人確認",
    State.DECLINED_UNBOUND: "一位家長的綁定解除",
}
OVER = (State.UNBOUND, State.DECLINED_UNBOUND)


def read(user, name):
    """What a page says to the family: its main part, blank where the page is not open."""
    response = log_in(Client(), user).get(reverse(name, args=[user.school.slug]))
    main = response.content.decode().partition("<main")[2].partition("</main")[0]
    return unescape(main) if response.status_code == 200 else ""


def launcher_of(parent):
    """Of who has set the own password."""
    parent.set_password(PASSWORD)
    parent.save()
    SSOAccount.objects.filter(user=parent).update(state="active")
    return log_in(Client(), User.objects.get(pk=parent.pk)).get(reverse("binding:sso-home")).content.decode()


def standing_of(user):
    student = Student.objects.select_related("school", "school_class").get(pk=user.student.pk)
    return Standing(Progress.of(student))


def test_there_is_a_way_to_every_state():
    assert set(WAYS) == set(State) == set(SAYS)


@pytest.mark.parametrize("state", WAYS)
def test_pages_say_what_the_table_says(state):
    user = WAYS[state]()

    standing = standing_of(user)
    hub, sign = read(user, "binding:tasks"), read(user, "binding:sign")

    assert standing.state == state
    assert standing.title in hub
    assert standing.body in hub
    assert "%(" not in standing.title + standing.body
    if standing.button:
        button = f'href="{standing.button.url}">{standing.button.label}</a>'
        assert f'<a class="button button--primary" {button}' in hub
    else:
        assert "button--primary" not in hub
    if sign and state != State.NOT_SENT:
        assert standing.title in sign
    others = {str(SAYS[one].title) for one in State} - {str(SAYS[state].title)}
    assert not [title for title in others if "%(" not in title and title in hub and title not in standing.title]


@pytest.mark.parametrize("state", HISTORY)
def test_history_ends_with_it(state):
    assert HISTORY[state] in read(WAYS[state](), "binding:history")


@pytest.mark.parametrize("state", [one for one in State if SAYS[one].mails and "CORRECTED" not in one.name])
def test_a_mail_leads_where_the_page_leads(state):
    user = WAYS[state]()

    letters = Message.objects.filter(student_id=user.student.pk, kind__in=SAYS[state].mails)

    assert letters
    for letter in letters if SAYS[state].act else []:
        act = SAYS[state].act
        said = (
            str(act.label) if letter.kind != "account-opened" else reverse(act.page)
        )  # its button sets a password first
        assert said in letter.html


@pytest.mark.parametrize("state", OVER)
def test_the_launcher_tells_the_same_end(state):
    user = WAYS[state]()
    parent = Binding.objects.get(student=user.student).account.user

    page = launcher_of(parent)

    assert standing_of(user).title in page
    assert not re.search(r"已綁定|核可", page.partition("可以使用的服務")[0])


class TestPaper:
    def test_once_received_nobody_asks_for_it_again(self):
        application, _teacher = two_sent()
        user, today = application.started_by, timezone.localdate()

        for page in ("binding:tasks", "binding:sign", "binding:sent"):
            text = read(user, page)
            assert f"申請書：導師已收到（{today.year - 1911}/{today:%m/%d}）" in text
            assert "簽名後交給導師" not in text

    @pytest.mark.parametrize("state", [State.UNCONFIRMED, State.DECLINED, State.SENT])
    def test_until_then_everybody_is_asked(self, state):
        assert "無論是否申請綁定，都請家長簽名後交給導師" in read(WAYS[state](), "binding:tasks")

    def test_taken_back_at_the_desk_it_is_asked_again(self):
        application, teacher = two_sent()
        mark_paper_form(student=application.student, answer="not_received", by=teacher)

        assert "簽名後交給導師" in read(application.started_by, "binding:tasks")

    def test_a_lost_one_is_printed_anew_for_the_own_child_only(self):
        user = sent_application().started_by
        client = log_in(Client(), user)

        first = client.get(reverse("binding:paper-form", args=[user.school.slug]))
        for _again in range(10):
            last = client.get(reverse("binding:paper-form", args=[user.school.slug]), follow=True)

        assert first.content.startswith(b"%PDF")
        assert "no-store" in first["Cache-Control"]
        assert "下載太多次" in last.content.decode()


class TestDeadline:
    def with_deadline(self, user, days):
        user.school.binding_deadline = timezone.localdate() + timedelta(days)
        user.school.save()
        return read(user, "binding:tasks")

    @pytest.mark.parametrize("state", [State.UNCONFIRMED, State.SENT, State.DECLINED])
    def test_stands_there_while_anything_is_asked(self, state):
        assert "截止日" in self.with_deadline(WAYS[state](), 5)

    @pytest.mark.parametrize("state", [State.APPROVED, State.ONE_REFUSED, State.UNBOUND, State.ONE_WAITING])
    def test_goes_when_nothing_is_asked_any_more(self, state):
        assert "截止日" not in self.with_deadline(WAYS[state](), 5)

    def test_goes_once_the_paper_came_and_the_teacher_acts(self):
        application, _teacher = two_sent()

        assert "截止日" not in self.with_deadline(application.started_by, 5)

    def test_when_it_is_over_the_page_says_what_one_can_still_do(self):
        page = self.with_deadline(WAYS[State.DRAFT](), -2)

        assert "已經過了" in page
        assert "現在還是可以在這裡申辦" in page
        assert "還有" not in page


def test_a_second_parent_who_applies_leaves_the_first_done():
    application = approved()
    user = application.started_by
    second = actions.choose_kind(student=user.student, kind=Kind.ONE_PARENT, by=user)
    actions.save_applicant(application=second, position=1, values=applicant_values(2), is_complete=True, by=user)
    drafting = read(user, "binding:tasks")
    actions.mark_checked(application=second, by=user)
    actions.send(application=second, by=user)
    waiting = read(user, "binding:tasks")

    assert "申請還沒有填完，也還沒有送出" in drafting
    assert "已送出，等待導師審核" in waiting
    for page in (drafting, waiting):
        assert "先前完成的綁定照常有效" in page


def test_two_applicants_are_told_one_by_one():
    application, _teacher = one_approved()

    hub = read(application.started_by, "binding:tasks")

    assert re.search(
        r"第一位申請人[^<]*<span class=\"nowrap\">[^<]*</span>\s*<span class=\"pill pill--done\">.*已通過", hub, re.S
    )
    assert re.search(
        r"第二位申請人[^<]*<span class=\"nowrap\">[^<]*</span>\s*<span class=\"pill pill--waiting\">.*待審核", hub, re.S
    )


def test_a_reason_stands_on_the_list_and_is_gone_once_mended():
    user = returned()
    before = read(user, "binding:tasks")
    application = Application.objects.get()
    values = {"mobile": "0987654321"}
    actions.save_applicant(application=application, position=1, values=values, is_complete=True, by=user)
    after = read(user, "binding:tasks")

    assert "手機不對" in before
    assert "手機不對" not in after
    assert "已送出，等待導師審核" in after
    assert "修正申請資料後再送出" in read(user, "binding:history")


def test_a_correction_leaves_what_is_bound_as_it_is():
    user = approved().started_by
    request_correction(student=user.student, proposed={"name": "尹書研"}, by=user)

    asked = read(user, "binding:tasks")
    request = CorrectionRequest.objects.get()
    values = {"name": "尹書研"}
    decide_correction(request=request, status="done", answer="", by=registrar_of(user.school), values=values)
    answered = read(user, "binding:tasks")
    [letter] = Message.objects.filter(kind="correction-answered")

    assert "註冊組正在處理您的更正申請" in asked
    assert "註冊組已更正學生資料" in answered
    for page in (asked, answered):
        assert "先前完成的綁定照常有效" in page
    assert letter.to == "bob@example.com"
    assert "註冊組已更正學生資料" in letter.html
    assert "確認學生相關資訊" in letter.html


def test_a_child_who_graduated_is_told_of_at_the_parents():
    """The family's account is closed then; mail and launcher say what became of it."""
    user = approved().started_by
    binding = Binding.objects.select_related("account__user").get()
    Student.objects.filter(pk=user.student.pk).update(status="graduated")
    students_ended.send(Student, students=Student.objects.filter(pk=user.student.pk), by=registrar_of(user.school))
    binding.refresh_from_db()

    launcher = launcher_of(binding.account.user)
    letter = Message.objects.get(kind="binding-ended")

    assert "孩子已經畢業" in launcher
    assert "重新申辦" not in launcher
    assert "重新申辦" not in letter.html
    assert log_in(Client(), user).get(reverse("binding:tasks", args=[user.school.slug])).status_code == 302


def test_a_neutral_answer_has_no_green_tick():
    hub = read(WAYS[State.DECLINED](), "binding:tasks")

    steps = hub.partition('<ol class="steps">')[2].partition("</ol>")[0]
    assert steps.count("pill--done") == 1  # the data
    assert steps.count("pill--answered") == 2
    assert steps.count("seal--approved") == 1


def test_reload_is_the_same_story():
    """Sending twice, from two browsers, is one application and one page."""
    user = checked()
    one, other = log_in(Client(), user), log_in(Client(), user)
    address = reverse("binding:sign", args=[user.school.slug])

    answers = [browser.post(address) for browser in (one, other, one)]

    assert {answer.url for answer in answers} == {reverse("binding:sent", args=[user.school.slug])}
    assert reload(Application.objects.get()).revision == 1
