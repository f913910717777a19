"""A parent's name or ID number is corrected by two members of staff, each with the paper in hand."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.initial_passwords import initial_password_fits
from accounts.models import SSOAccount, User
from accounts.passwords import change_password
from audit.models import Event
from binding.actions import ending, person_correction
from binding.models import Binding, PersonCorrection
from binding.own_family import NotYours
from core import crypto
from notifications.models import Message
from registry.roles import Role
from tests.accounts.factories import PASSWORD, log_in, registrar_of, sso_parent, staff, teacher_of
from tests.binding.factories import approved_application
from tests.registry.factories import StudentFactory, make_identity

pytestmark = pytest.mark.django_db

NUMBER = make_identity(4021)
TYPED = {"new_name": "尹怡安", "identity_number": NUMBER, "paper": "identity", "note": "申請時打錯"}


@pytest.fixture
def student():
    return StudentFactory()


@pytest.fixture
def binding(student):
    """Bob, who has not come in yet."""
    approved_application(teacher_of(student.school_class), student)
    Message.objects.all().delete()
    return Binding.objects.get()


@pytest.fixture
def registrar(student, client):
    user = registrar_of(student.school)
    log_in(client, user)
    return user


@pytest.fixture
def admin(student):
    return staff(student.school, Role.SCHOOL_ADMIN, account="admin", name="學務主任")


def page(name, school, pk):
    return reverse(f"binding:{name}", args=[school.slug, pk])


def ask(binding, by, **values):
    facts = {"new_name": "尹怡安", "identity_number": NUMBER, "paper": "identity", "note": ""}
    return person_correction.ask_to_correct_person(binding=binding, by=by, **facts | values)


def agree(change, by, number=NUMBER):
    return person_correction.agree(change=change, typed_number=number, by=by)


class TestProposing:
    def test_changes_nothing_yet(self, client, binding, registrar):
        before = binding.account.identity_fingerprint

        response = client.post(page("binding-person", registrar.school, binding.pk), TYPED)

        account = SSOAccount.objects.get(pk=binding.account_id)
        assert response.status_code == 302
        assert PersonCorrection.objects.get().identity_number == NUMBER
        assert (account.identity_fingerprint, Message.objects.count()) == (before, 0)
        assert "等待另一位同仁確認" in client.get(response.url).content.decode()

    def test_of_what_the_account_has_is_refused(self, client, binding, registrar):
        typed = TYPED | {"new_name": binding.account.name, "identity_number": binding.account.identity_number}

        shown = client.post(page("binding-person", registrar.school, binding.pk), typed).content.decode()

        assert "這就是目前的姓名和證號" in shown
        assert not PersonCorrection.objects.exists()

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ({"new_name": "", "identity_number": ""}, "至少一項"),
            ({"paper": ""}, "請選擇看過哪一種證件"),
            ({"note": "A123456789"}, "請不要在這裡寫身分證統一編號"),
            ({"identity_number": "A123456780"}, "申請時打錯"),
        ],
    )
    def test_says_what_is_wrong_and_keeps_what_was_typed(self, client, binding, registrar, typed, words):
        shown = client.post(page("binding-person", registrar.school, binding.pk), TYPED | typed).content.decode()

        assert words in shown
        assert not PersonCorrection.objects.exists()

    def test_to_a_number_with_an_account_is_refused_and_says_what_to_do(self, client, binding, registrar):
        other = sso_parent(by=registrar, email="zoe@example.com").sso_account
        typed = TYPED | {"identity_number": other.identity_number}

        shown = client.post(page("binding-person", registrar.school, binding.pk), typed).content.decode()

        assert "已有另一個單一身分驗證帳號" in shown
        assert "重新申辦" in shown
        assert not PersonCorrection.objects.exists()

    def test_to_a_students_number_is_asked_once_more(self, client, binding, registrar, student):
        where = page("binding-person", registrar.school, binding.pk)
        student.identity_number = NUMBER
        student.save()

        asked = client.post(where, TYPED)
        assert "是不是填成孩子的" in asked.content.decode()
        assert not PersonCorrection.objects.exists()

        mark = asked.context["form"]["identity_number_asked"].value()
        assert client.post(where, TYPED | {"identity_number_asked": mark}).status_code == 302
        assert PersonCorrection.objects.open().count() == 1

    def test_again_replaces_the_first(self, binding, registrar):
        ask(binding, registrar)
        ask(binding, registrar, identity_number="")

        assert sorted(PersonCorrection.objects.values_list("state", "identity_cipher"))[1] == ("replaced", "")
        assert PersonCorrection.objects.open().get().what == "姓名"

    def test_is_not_for_an_ended_binding(self, client, binding, registrar):
        ending.end_by_registrar(binding=binding, reason="mistake", note="", by=registrar)

        shown = client.post(page("binding-person", registrar.school, binding.pk), TYPED).content.decode()

        assert "目前沒有生效" in shown

    def test_of_the_own_family_or_to_the_own_number_is_refused(self, binding, registrar):
        registrar.identity_number = NUMBER
        registrar.save()
        with pytest.raises(NotYours):
            ask(binding, registrar)
        registrar.identity_number = binding.account.identity_number
        registrar.save()
        with pytest.raises(NotYours):
            ask(binding, registrar, identity_number="")


class TestAgreeing:
    def test_changes_name_and_number_and_tells_the_parent(self, client, binding, registrar, admin):
        change_password(user=binding.account.user, password=PASSWORD)
        Message.objects.all().delete()
        change = ask(binding, registrar)
        log_in(client, admin)

        response = client.post(page("person", admin.school, change.pk), {"typed_number": NUMBER.lower()})

        account = SSOAccount.objects.get(pk=binding.account_id)
        mail = Message.objects.get()
        change.refresh_from_db()
        assert response.status_code == 302
        assert (account.name, account.user.name, account.identity_number) == ("尹怡安", "尹怡安", NUMBER)
        assert (account.state, change.state, change.decided_by) == ("active", "done", admin)
        assert (mail.kind, mail.to) == ("person-corrected", account.user.email)
        assert NUMBER not in mail.text
        assert "尹怡安" not in mail.text
        assert SSOAccount.objects.named("尹怡安").get() == account

    def test_forgets_the_number_and_records_none(self, binding, registrar, admin):
        change = agree(ask(binding, registrar), admin)

        assert PersonCorrection.objects.get(pk=change.pk).identity_cipher == ""
        events = Event.objects.filter(event__startswith="person_correction.")
        assert sorted(events.values_list("event", flat=True)) == [
            "person_correction.asked",
            "person_correction.changed",
        ]
        told = str(list(events.values()))
        assert NUMBER not in told
        assert crypto.fingerprint(NUMBER) not in told
        assert "尹怡安" not in told

    def test_of_an_account_never_used_gives_another_initial_password(self, binding, registrar, admin):
        former = binding.account.identity_number[-6:]

        agree(ask(binding, registrar), admin)

        user = User.objects.get(pk=binding.account.user_id)
        assert initial_password_fits(user, NUMBER[-6:])
        assert not initial_password_fits(user, former)
        assert sorted(Message.objects.values_list("kind", flat=True)) == ["account-opened", "person-corrected"]

    def test_of_the_name_alone_asks_for_no_number(self, client, binding, registrar, admin):
        change = ask(binding, registrar, identity_number="")
        log_in(client, admin)

        assert "typed_number" not in client.get(page("person", admin.school, change.pk)).content.decode()
        client.post(page("person", admin.school, change.pk))

        assert SSOAccount.objects.get(pk=binding.account_id).name == "尹怡安"
        assert list(Message.objects.values_list("kind", flat=True)) == ["person-corrected"]

    def test_with_another_number_on_the_paper_changes_nothing(self, client, binding, registrar, admin):
        change = ask(binding, registrar)
        log_in(client, admin)

        shown = client.post(page("person", admin.school, change.pk), {"typed_number": make_identity(77)})

        assert "和提出的證號不同" in shown.content.decode()
        assert NUMBER not in shown.content.decode()
        assert PersonCorrection.objects.open().exists()

    def test_is_not_for_who_proposed_it(self, client, binding, registrar):
        change = ask(binding, registrar)

        assert "這是您自己提出的" in client.get(page("person", registrar.school, change.pk)).content.decode()
        shown = client.post(page("person", registrar.school, change.pk), {"typed_number": NUMBER}).content.decode()
        assert "這是您自己提出的" in shown
        with pytest.raises(IntegrityError), transaction.atomic():
            change.close("done", by=registrar)
        assert PersonCorrection.objects.open().exists()

    def test_is_not_for_the_family_nor_for_who_has_the_number(self, binding, registrar, admin):
        change = ask(binding, registrar)
        for number in (binding.account.identity_number, NUMBER):
            admin.identity_number = number
            admin.save()
            with pytest.raises(NotYours):
                agree(change, admin)

    def test_to_a_number_that_somebody_got_meanwhile_is_refused(self, client, binding, registrar, admin):
        change = ask(binding, registrar)
        other = sso_parent(by=registrar, email="zoe@example.com").sso_account
        other.identity_number = NUMBER
        other.save()
        log_in(client, admin)

        shown = client.post(page("person", admin.school, change.pk), {"typed_number": NUMBER}).content.decode()

        assert "已有另一個單一身分驗證帳號" in shown
        assert SSOAccount.objects.get(pk=binding.account_id).name != "尹怡安"

    def test_twice_says_that_it_is_over(self, client, binding, registrar, admin):
        change = agree(ask(binding, registrar), admin)
        Message.objects.all().delete()
        log_in(client, admin)

        shown = client.post(page("person", admin.school, change.pk), {"typed_number": NUMBER}).content.decode()

        assert "已經有結果了" in shown
        assert not Message.objects.exists()


class TestClosing:
    def test_by_a_refusal_or_by_who_proposed_changes_nothing(self, client, binding, registrar, admin):
        name = binding.account.name
        client.post(page("person-cancel", registrar.school, ask(binding, registrar).pk))
        change = ask(binding, registrar)
        client.post(page("person-refuse", registrar.school, change.pk))
        assert PersonCorrection.objects.open().get() == change
        log_in(client, admin)
        client.post(page("person-refuse", admin.school, change.pk))

        assert sorted(PersonCorrection.objects.values_list("state", flat=True)) == ["cancelled", "refused"]
        assert SSOAccount.objects.get(pk=binding.account_id).name == name
        assert not Message.objects.exists()

    def test_goes_with_the_binding(self, binding, registrar):
        ask(binding, registrar)

        ending.end_by_registrar(binding=binding, reason="mistake", note="", by=registrar)

        assert list(PersonCorrection.objects.values_list("state", "identity_cipher")) == [("cancelled", "")]
        assert Event.objects.filter(event="person_correction.cancelled").count() == 1


class TestTheList:
    def test_has_what_waits_and_never_a_number(self, client, binding, registrar):
        ask(binding, registrar)
        where = reverse("binding:people", args=[registrar.school.slug])

        shown = client.get(where).content.decode()

        assert binding.account.name in shown
        assert "姓名；證號" in shown
        assert NUMBER not in shown
        one = PersonCorrection.objects.get()
        assert NUMBER not in client.get(page("person", registrar.school, one.pk)).content.decode()
        assert client.get(f"{where}?export=xlsx").status_code == 200

    def test_of_another_school_is_not_there(self, client, binding, registrar):
        change = ask(binding, registrar)
        other = registrar_of(StudentFactory().school)
        log_in(client, other)

        assert "還沒有姓名證號更正" in client.get(reverse("binding:people", args=[other.school.slug])).content.decode()
        assert client.get(page("person", other.school, change.pk)).status_code == 404
        assert client.post(page("person-refuse", other.school, change.pk)).status_code == 404

    def test_asks_for_no_more_with_ten_times_the_rows(self, client, binding, registrar, django_assert_max_num_queries):
        where = reverse("binding:people", args=[registrar.school.slug])
        rows = [ask(binding, registrar, new_name=f"尹怡{n}") for n in "甲乙丙丁戊己庚辛壬癸"]
        with django_assert_max_num_queries(8):
            shown = client.get(f"{where}?state=all").content.decode()
        assert shown.count('id="row-') == len(rows)
