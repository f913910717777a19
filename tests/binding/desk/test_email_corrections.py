"""A wrong e-mail is corrected by the registrar, and only by the link that its owner opens."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import email_change, email_tokens
from accounts.log_in import Refused, log_in_parent
from accounts.models import SSOAccount, User
from accounts.passwords import change_password
from audit.models import Event
from binding.actions import email_correction
from binding.models import Binding, EmailCorrection
from binding.own_family import NotYours
from core import crypto
from notifications.models import Message
from registry.roles import Role
from tests.accounts.factories import PASSWORD, log_in, registrar_of, sso_parent, staff, teacher_of
from tests.binding.factories import approved_application
from tests.registry.factories import StudentFactory, make_identity

pytestmark = pytest.mark.django_db

NEW = "bob.right@example.com"
TYPED = {"new_email": NEW, "new_email_again": NEW, "proof": "in_person", "reason": "申請時打錯一個字"}


@pytest.fixture
def student():
    return StudentFactory()


@pytest.fixture
def binding(student):
    """Bob, who never came in: the mail went to a wrong address."""
    approved_application(teacher_of(student.school_class), student)
    Message.objects.all().delete()
    return Binding.objects.get()


@pytest.fixture
def registrar(client, student):
    user = registrar_of(student.school)
    log_in(client, user)
    return user


def page(binding, name="binding-address"):
    return reverse(f"binding:{name}", args=[binding.student.school.slug, binding.pk])


def ask(binding, registrar, new_email=NEW):
    return email_correction.ask_to_correct_email(
        binding=binding, new_email=new_email, reason="打錯", proof="in_person", by=registrar
    )


def second(registrar):
    """The school admin, who agrees."""
    known = User.objects.filter(school=registrar.school, account="admin").first()
    return known or staff(registrar.school, Role.SCHOOL_ADMIN, account="admin", name="學務主任")


@pytest.fixture
def in_use(binding):
    """Bob came in and has a password of his own."""
    user = binding.account.user
    change_password(user=user, password=PASSWORD)
    Message.objects.all().delete()
    binding.account.refresh_from_db()
    return binding


def link_in(mail):
    return re.search(r"https?://\S+(/\S+/address/\?token=\S+)", mail.text).group(1)


def press(link):
    """The owner of the new address, in a browser of their own."""
    client = Client()
    token = link.partition("token=")[2]
    assert client.get(link).status_code == 200
    return client.post(link.partition("?")[0], {"token": token}, follow=True).content.decode()


class TestAsking:
    def test_changes_nothing_but_mails_a_link_to_the_new_address(self, client, binding, registrar):
        response = client.post(page(binding), TYPED)

        mail = Message.objects.get()
        assert response.url == page(binding, "binding")
        assert (mail.kind, mail.to) == ("address-verify", NEW)
        assert binding.student.masked_name not in mail.text
        assert User.objects.get(kind="parent").username == "bob@example.com"
        assert "等待本人驗證" in client.get(response.url).content.decode()

    def test_keeps_the_token_as_a_digest_only(self, binding, registrar):
        change = ask(binding, registrar)

        token = link_in(Message.objects.get()).partition("token=")[2]
        assert token not in str(EmailCorrection.objects.values_list())
        assert change.expires_at - timezone.now() > timedelta(hours=71)

    def test_again_replaces_the_first(self, binding, registrar):
        ask(binding, registrar, "first@example.com")
        first = link_in(Message.objects.get())
        ask(binding, registrar)

        assert "這個連結不能用了" in Client().get(first).content.decode()
        assert sorted(EmailCorrection.objects.values_list("state", flat=True)) == ["pending", "replaced"]

    @pytest.mark.parametrize("taken", ["ZOE@example.com", "zoe@example.com"])
    def test_for_an_address_of_somebody_else_is_refused(self, client, binding, registrar, taken):
        sso_parent(by=registrar, email="zoe@example.com")

        response = client.post(page(binding), TYPED | {"new_email": taken, "new_email_again": taken})

        shown = response.content.decode()
        assert "這個電子郵件無法使用" in shown
        assert "申請時打錯一個字" in shown
        assert not Message.objects.exists()

    def test_for_an_address_that_waits_for_somebody_else_is_refused(self, binding, registrar):
        sister = StudentFactory(school=binding.student.school, school_class=binding.student.school_class)
        mother = {1: {"identity_number": make_identity(33), "email": "carol@example.com"}}
        approved_application(User.objects.get(kind="staff", role_rows__role="homeroom_teacher"), sister, people=mother)
        ask(Binding.objects.get(student=sister), registrar)

        with pytest.raises(email_correction.AddressTaken):
            ask(binding, registrar)

        EmailCorrection.objects.update(expires_at=timezone.now())
        ask(binding, registrar)
        assert sorted(EmailCorrection.objects.values_list("state", flat=True)) == ["expired", "pending"]

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ({"new_email": "bob@example.com", "new_email_again": "bob@example.com"}, "這就是目前的電子郵件"),
            ({"new_email_again": "other@example.com"}, "兩次輸入的電子郵件不一樣"),
            ({"proof": ""}, "請選擇如何確認是本人"),
            ({"reason": "A123456789 的爸爸"}, "請不要在這裡寫身分證統一編號"),
        ],
    )
    def test_says_what_is_wrong_and_keeps_what_was_typed(self, client, binding, registrar, typed, words):
        shown = client.post(page(binding), TYPED | typed).content.decode()

        assert words in shown
        assert "example.com" in shown
        assert not EmailCorrection.objects.exists()

    def test_is_not_for_a_school_where_the_binding_ended(self, client, binding, registrar):
        Binding.objects.update(state="ended", ended_at=timezone.now(), end_reason="registrar")

        assert "目前沒有生效" in client.post(page(binding), TYPED).content.decode()
        assert not EmailCorrection.objects.exists()

    def test_is_not_for_the_registrar_who_is_the_parent(self, client, binding, registrar):
        registrar.identity_fingerprint = crypto.fingerprint(make_identity(701))
        registrar.save()

        assert "另一位同仁" in client.post(page(binding), TYPED).content.decode()
        assert not EmailCorrection.objects.exists()

    def test_is_seen_by_the_other_school_of_the_same_parent(self, client, binding, registrar):
        sister = StudentFactory()
        approved_application(teacher_of(sister.school_class), sister)
        ask(binding, registrar)
        log_in(client, registrar_of(sister.school))
        theirs = Binding.objects.get(student=sister)

        shown = client.get(page(theirs, "binding")).content.decode()

        assert "等待本人驗證" in shown
        assert "取消更正" not in shown
        assert client.get(page(binding, "binding")).status_code == 404


class TestConfirming:
    def test_changes_address_and_user_name_and_tells_the_former_one(self, binding, registrar):
        parent = binding.account.user
        parent.set_password(PASSWORD)
        parent.save()
        SSOAccount.objects.update(state="active")
        at_home = log_in(Client(), parent)
        email_correction.allow_correction(change=ask(binding, registrar), by=second(registrar))
        mail = Message.objects.get(kind="address-verify")

        assert "電子郵件已更正" in press(link_in(mail))

        parent.refresh_from_db()
        told = Message.objects.get(kind="address-changed")
        assert (parent.username, parent.email) == (NEW, NEW)
        assert at_home.get(reverse("binding:sso-home")).status_code == 302
        assert log_in_parent(email=NEW, password=PASSWORD) == parent
        with pytest.raises(Refused):
            log_in_parent(email="bob@example.com", password=PASSWORD)
        assert (told.kind, told.to) == ("address-changed", "bob@example.com")
        assert str(binding.student.school.registrar_contact) in told.text
        assert NEW not in told.text + told.html
        assert binding.student.masked_name not in told.text
        assert Event.objects.filter(event="email_correction.changed", target_id=str(binding.account_id)).exists()

    def test_of_an_account_never_used_mails_the_opening_to_the_new_address(self, binding, registrar):
        SSOAccount.objects.update(initial_until=timezone.now(), initial_failures=10)
        ask(binding, registrar)

        press(link_in(Message.objects.get()))

        opening = Message.objects.get(kind="account-opened")
        assert opening.to == NEW
        assert SSOAccount.objects.get().takes_initial_password
        assert log_in_parent(email=NEW, password=make_identity(701)[-6:])

    def test_twice_changes_once(self, binding, registrar):
        ask(binding, registrar)
        link = link_in(Message.objects.get())

        press(link)

        assert "這個連結不能用了" in press(link)
        assert Message.objects.filter(kind="address-changed").count() == 1

    @pytest.mark.parametrize("spoil", ["expired", "cancelled", "resent"])
    def test_is_over(self, client, binding, registrar, spoil):
        change = ask(binding, registrar)
        link = link_in(Message.objects.get())
        if spoil == "expired":
            EmailCorrection.objects.update(expires_at=timezone.now())
        else:
            client.post(page(binding, "address-cancel" if spoil == "cancelled" else "address-resend"))

        assert "這個連結不能用了" in press(link)

        assert User.objects.get(pk=binding.account.user_id).username == "bob@example.com"
        change.refresh_from_db()
        assert change.state == ("cancelled" if spoil == "cancelled" else "pending")

    def test_is_refused_when_somebody_else_got_the_address_meanwhile(self, binding, registrar):
        ask(binding, registrar)
        link = link_in(Message.objects.get())
        sso_parent(by=registrar, email=NEW)

        assert "這個電子郵件現在無法使用" in press(link)

        assert User.objects.get(pk=binding.account.user_id).username == "bob@example.com"
        assert EmailCorrection.objects.get().state == "pending"

    def test_at_another_school_does_not_work(self, binding, registrar):
        ask(binding, registrar)
        elsewhere = reverse("binding:address-confirm", args=[StudentFactory().school.slug])
        token = link_in(Message.objects.get()).partition("token=")[2]

        assert "這個連結不能用了" in Client().post(elsewhere, {"token": token}).content.decode()


def test_ends_with_the_binding_that_it_was_asked_for_at(client, binding, registrar):
    change = ask(binding, registrar)

    client.post(page(binding, "binding-end"), {"reason": "mistake", "note": ""})

    change.refresh_from_db()
    assert change.state == EmailCorrection.State.CANCELLED
    shown = client.get(page(binding, "binding")).content.decode()
    assert "再寄一次驗證連結" not in shown
    assert Event.objects.filter(event="email_correction.cancelled").exists()


def test_no_link_is_offered_where_it_could_not_be_sent(client, binding, registrar):
    ask(binding, registrar)
    Binding.objects.update(state="ended", ended_at=timezone.now(), end_reason="mistake")

    assert "再寄一次驗證連結" not in client.get(page(binding, "binding")).content.decode()


def test_cancelling_after_the_end_does_no_harm(client, binding, registrar):
    ask(binding, registrar)
    client.post(page(binding, "address-cancel"))

    again = client.post(page(binding, "address-cancel"), follow=True)

    assert "這次更正已經結束" in again.content.decode()
    assert client.post(page(binding, "address-resend"), follow=True).status_code == 200
    assert EmailCorrection.objects.get().state == "cancelled"


class TestOfAnAccountInUse:
    def test_mails_nothing_before_a_second_person_agrees(self, client, in_use, registrar):
        client.post(page(in_use), TYPED)

        assert not Message.objects.exists()
        assert "等待另一位同仁同意" in client.get(page(in_use, "binding")).content.decode()
        with pytest.raises(email_correction.LinkOver):
            email_correction.resend_link(change=EmailCorrection.objects.get(), by=registrar)

    def test_goes_out_when_one_does_and_the_former_address_hears(self, in_use, registrar):
        change = ask(in_use, registrar)
        admin = log_in(Client(), second(registrar))
        assert NEW in admin.get(reverse("binding:addresses", args=[registrar.school.slug])).content.decode()

        admin.post(reverse("binding:address-allow", args=[registrar.school.slug, change.pk]))

        told = Message.objects.get(kind="address-allowed")
        assert (told.to, NEW in told.text + told.html) == ("bob@example.com", False)
        assert str(registrar.school.registrar_contact) in told.text
        assert "電子郵件已更正" in press(link_in(Message.objects.get(kind="address-verify")))
        assert User.objects.get(kind="parent").email == NEW
        events = list(Event.objects.filter(event__startswith="email_correction.").values_list("event", "actor_id"))
        assert ("email_correction.asked", registrar.pk) in events
        assert ("email_correction.allowed", second(registrar).pk) in events

    def test_is_never_allowed_by_who_asked(self, client, in_use, registrar):
        change = ask(in_use, registrar)
        shown = client.get(reverse("binding:addresses", args=[registrar.school.slug])).content.decode()
        assert "這是您自己提出的" in shown

        client.post(reverse("binding:address-allow", args=[registrar.school.slug, change.pk]))

        assert EmailCorrection.objects.get().state == "asked"
        change.allowed_by = registrar
        with pytest.raises(IntegrityError), transaction.atomic():
            change.save()

    def test_nor_by_the_family_itself(self, in_use, registrar):
        change = ask(in_use, registrar)
        admin = second(registrar)
        admin.identity_fingerprint = in_use.account.identity_fingerprint
        admin.save()

        with pytest.raises(NotYours):
            email_correction.allow_correction(change=change, by=admin)

    def test_refused_is_over(self, in_use, registrar):
        change = ask(in_use, registrar)
        admin = log_in(Client(), second(registrar))
        admin.post(reverse("binding:address-refuse", args=[registrar.school.slug, change.pk]))

        again = admin.post(reverse("binding:address-allow", args=[registrar.school.slug, change.pk]), follow=True)

        assert "已經有結果了" in again.content.decode()
        assert EmailCorrection.objects.get().state == "refused"
        assert not Message.objects.exists()

    def test_reserves_the_address_meanwhile(self, in_use, registrar):
        ask(in_use, registrar)
        other = sso_parent(by=registrar, email="zoe@example.com")
        binding = Binding.objects.get()

        with pytest.raises(email_correction.AddressTaken):
            email_correction._check_is_free(NEW, other.sso_account)
        assert binding.account.user.email == "bob@example.com"

    def test_asked_before_it_came_into_use_needs_the_second_person_too(self, binding, registrar):
        ask(binding, registrar)
        link = link_in(Message.objects.get())
        change_password(user=binding.account.user, password=PASSWORD)

        assert "電子郵件已更正" not in press(link)
        assert User.objects.get(kind="parent").email == "bob@example.com"

    def test_waits_three_days(self, client, in_use, registrar):
        change = ask(in_use, registrar)
        EmailCorrection.objects.update(expires_at=timezone.now())

        with pytest.raises(email_correction.LinkOver):
            email_correction.allow_correction(change=change, by=second(registrar))
        shown = client.get(reverse("binding:addresses", args=[registrar.school.slug])).content.decode()
        assert "目前沒有等待確認的更正" in shown

    def test_leaves_the_former_mailbox_nothing_to_come_in_by(self, in_use, registrar):
        """Links that lie there, to set a password or to take back an own change, work no longer."""
        parent = in_use.account.user
        own = email_change.ask(user=parent, new_email="bob.own@example.com")
        email_change.confirm(change=own)
        undo = re.search(r"token=(\S+)", Message.objects.get(kind="own-address-changed").text).group(1)
        email_tokens.send_way_in("bob.own@example.com", "zh-hant")
        reset = re.search(r"token=(\S+)", Message.objects.get(kind="password-reset").text).group(1)
        assert email_tokens.find_link(reset)
        assert email_change.find_undo(undo)

        email_correction.allow_correction(change=ask(in_use, registrar), by=second(registrar))
        press(link_in(Message.objects.get(kind="address-verify")))

        assert email_tokens.find_link(reset) is None
        assert email_change.find_undo(undo) is None

    def test_list_takes_few_queries(self, client, in_use, registrar, django_assert_max_num_queries):
        ask(in_use, registrar)
        with django_assert_max_num_queries(9):
            client.get(reverse("binding:addresses", args=[registrar.school.slug]))
