"""Every way a binding ends, and every page that speaks of it: all tell the same, and offer the way back."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from binding.actions import application as actions
from binding.actions.consent import answer_consent
from binding.actions.court_orders import enter_order
from binding.actions.ending import close_account, end_by_parent, end_by_registrar, end_by_withdrawn_consent
from binding.models import Application, Binding, WithdrawalAnswer
from consent.models import ConsentText
from core.formats import roc_short
from notifications.models import Message
from registry.models import Student
from review.census.tallies import tallies_of
from review.decisions import approve
from tests.accounts.factories import PASSWORD, log_in, registrar_of, teacher_of
from tests.binding.factories import MANDATE, Kind, applicant_values, approved_application
from tests.registry.factories import StudentFactory

pytestmark = pytest.mark.django_db


def by_agreement(binding, registrar):
    student = binding.student
    family = User.objects.get(student=student)
    text = ConsentText.objects.current()
    answer_consent(student=student, answer="declined", text=text, by=family)
    answer = WithdrawalAnswer.objects.get(binding=binding)
    end_by_withdrawn_consent(answer=answer, how="account", by=binding.account.user)


def by_parent(binding, registrar):
    end_by_parent(binding=binding, by=binding.account.user)


def by_leaving(binding, registrar):
    close_account(user=binding.account.user)


def by_court(binding, registrar):
    today = timezone.localdate()
    enter_order(
        binding=binding, number="115 家護 1", ordered_on=today, effective_on=today, until=None,
        document=MANDATE, by=registrar,
    )  # fmt: skip


def by_a_courts_date(binding, registrar):
    """Its last day was yesterday; no night has written it down."""
    Binding.objects.filter(pk=binding.pk).update(last_day=timezone.localdate() - timedelta(days=1))


def by_registrar(reason):
    def end(binding, registrar):
        end_by_registrar(binding=binding, reason=reason, note="", by=registrar)

    return end


ENDS = {
    "agreement": by_agreement,
    "parent": by_parent,
    "leaving": by_leaving,
    "court": by_court,
    "date": by_a_courts_date,
    **{reason: by_registrar(reason) for reason in ("asked", "not_guardian", "mistake", "registrar")},
}
RETURNS = {"agreement", "parent", "asked", "not_guardian", "mistake", "registrar"}


@pytest.fixture
def student():
    return StudentFactory()


@pytest.fixture
def teacher(student):
    return teacher_of(student.school_class)


@pytest.fixture
def registrar(student):
    return registrar_of(student.school)


@pytest.fixture(params=ENDS)
def ended(request, student, teacher, registrar):
    """(how, binding) of the one parent who was bound."""
    approved_application(teacher, student)
    binding = Binding.objects.select_related("account__user", "student__school").get()
    ENDS[request.param](binding, registrar)
    return request.param, Binding.objects.get()


def words_of(client, user, name, *args):
    log_in(client, user)
    return client.get(reverse(name, args=args)).content.decode()


def said(binding):
    return f"綁定已於 {roc_short(binding.ended_on)} 解除"


def test_the_familys_hub(client, ended, student):
    how, binding = ended
    slug = student.school.slug

    page = words_of(client, User.objects.get(student=student), "binding:tasks", slug)

    assert said(binding) in page
    assert "親子綁定已完成" not in page
    assert "已通過" not in page
    assert "重新申辦" in page
    assert reverse("binding:consent" if how == "agreement" else "binding:apply", args=[slug]) in page


def test_the_familys_sign_page(client, ended, student):
    how, binding = ended
    if how == "agreement":
        pytest.skip("who declined has no step 3")

    page = words_of(client, User.objects.get(student=student), "binding:sign", student.school.slug)

    assert said(binding) in page
    assert "已建立，請看信箱" not in page
    assert "前往單一身分驗證登入" not in page
    assert page.count(reverse("binding:apply", args=[student.school.slug])) == 1


def test_the_family_comes_back(client, ended, student):
    family = User.objects.get(student=student)
    text = ConsentText.objects.current()
    answer_consent(student=student, answer="agreed", text=text, by=family)

    log_in(client, family)
    response = client.post(reverse("binding:apply", args=[student.school.slug]), {"kind": "one_parent"}, follow=True)

    assert Application.objects.open().filter(student=student).exists()
    assert response.status_code == 200


def test_the_class_board(client, ended, student, teacher):
    page = words_of(client, teacher, "review:class", student.school.slug, student.school_class_id)

    assert f"{roc_short(ended[1].ended_on)} 解除" in page
    assert "已綁定" not in page


def test_the_teachers_application_page(client, ended, student, teacher):
    how, binding = ended

    page = words_of(client, teacher, "review:application", student.school.slug, Application.objects.get().pk)

    assert said(binding) in page
    assert ("用家長帳號重新申辦" in page) is (how in RETURNS | {"leaving"})


def test_the_registrars_binding_page(client, ended, student, registrar):
    how, binding = ended

    page = words_of(client, registrar, "binding:binding", student.school.slug, binding.pk)

    assert said(binding) in page
    assert reverse("binding:binding-end", args=[student.school.slug, binding.pk]) not in page
    assert ("用家長帳號重新申辦" in page) is (how in RETURNS | {"leaving"})


@pytest.mark.parametrize(("state", "is_there"), [("active", False), ("ended", True), ("all", True)])
def test_the_registrars_list(client, ended, student, registrar, state, is_there):
    log_in(client, registrar)
    page = client.get(reverse("binding:bindings", args=[student.school.slug]), {"state": state})

    assert (student.name in page.content.decode()) is is_there


def test_the_census_counts_nobody(ended, student):
    tally = tallies_of(Student.objects.of_this_year(), by="school")[student.school_id]

    assert tally.bound == 0
    assert (tally.agreed, tally.declined) == ((0, 1) if ended[0] == "agreement" else (1, 0))


def test_the_launcher(client, ended, student):
    how, binding = ended
    user = binding.account.user
    if how == "leaving":
        pytest.skip("the account is switched off")
    user.set_password(PASSWORD)
    user.save()
    user.sso_account.__class__.objects.update(state="active")

    page = words_of(client, user, "binding:sso-home")

    assert said(binding) in page
    assert "目前沒有綁定中的孩子" in page
    assert (reverse("accounts:login", args=[student.school.slug]) in page) is (how in RETURNS)


def test_the_hub_in_english(client, ended, student):
    log_in(client, User.objects.get(student=student))
    address = reverse("binding:tasks", args=[student.school.slug])

    page = client.get(address, headers={"accept-language": "en"}).content.decode()

    assert "Apply again" in page
    assert "綁定已於" not in page


def test_one_of_two_who_unbound(client, student, teacher):
    family = approved_application(teacher, student, kind=Kind.TWO_PARENTS).started_by
    bob = Binding.objects.select_related("student").get(account__user__username="bob@example.com")
    end_by_parent(binding=bob, by=bob.account.user)
    bob.refresh_from_db()
    slug = student.school.slug

    hub = words_of(client, family, "binding:tasks", slug)
    sign = words_of(client, family, "binding:sign", slug)
    board = words_of(client, teacher, "review:class", slug, student.school_class_id)

    assert "其中一位的綁定已於" in hub
    assert said(bob) in sign
    assert "已建立，請看信箱" in sign
    assert "重新申請綁定" in sign
    assert "已綁定 1 位" in board
    assert f"{roc_short(bob.ended_on)} 解除" in board


def test_bound_again_nothing_is_said_of_the_end(client, student, teacher):
    family = approved_application(teacher, student).started_by
    binding = Binding.objects.select_related("student").get()
    end_by_parent(binding=binding, by=binding.account.user)
    again = actions.choose_kind(student=student, kind=Kind.ONE_PARENT, by=family)
    actions.save_applicant(application=again, position=1, values=applicant_values(), is_complete=True, by=family)
    actions.mark_checked(application=again, by=family)
    actions.send(application=again, by=family)
    approve(applicant=again.applicants.get(), revision=1, by=teacher)

    page = words_of(client, family, "binding:tasks", student.school.slug)

    assert "親子綁定已完成" in page
    assert "解除" not in page


def test_the_mail_of_an_end_leads_back(student, teacher):
    with translation.override("en"):
        approved_application(teacher, student)
    binding = Binding.objects.select_related("student").get()

    end_by_parent(binding=binding, by=binding.account.user)

    mail = Message.objects.get(kind="binding-ended")
    assert reverse("accounts:login", args=[student.school.slug]) in mail.text
    assert reverse("accounts:login", args=[student.school.slug]) in mail.html
