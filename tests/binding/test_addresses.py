"""已收到您的申請: the mail on sending, its link, and who hears what its reader said."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import conditional_escape

from accounts.email_tokens import note_proof
from binding.actions import application as actions
from binding.models import AddressProof, Applicant, Application
from notifications.delivery import why_not
from notifications.models import Message
from review.decisions import approve, return_for_changes
from review.paper_register import mark_paper_form
from tests.accounts.factories import family_of, log_in, sso_parent, teacher_of
from tests.binding.factories import Kind, applicant_values, draft_application, reload, sent_application
from tests.flows.walker import letters_to
from tests.registry.factories import SchoolFactory, StudentFactory, make_identity

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent():
    return sent_application(is_told=True)


@pytest.fixture
def family(sent):
    return log_in(Client(), sent.started_by)


def received(email="bob@example.com"):
    return [one for one in letters_to(email) if "已收到您的申請" in one.subject]


def link_of(letter):
    return re.search(r"https?://\S+token=[\w-]+", letter.body)[0]


def path_of(link):
    return link.removeprefix(settings.SITE_URL)


def press(link, answer, client=None):
    address, token = path_of(link).split("?token=")
    return (client or Client()).post(address, {"token": token, "answer": answer})


def state():
    return AddressProof.objects.latest("pk").state


def page(application, name, *more):
    return reverse(f"binding:{name}", args=[application.student.school.slug, *more])


class TestTheMail:
    def test_goes_to_each_applicant_with_a_link_of_the_own(self):
        sent_application(is_told=True, kind=Kind.TWO_PARENTS)

        bob, carol = received("bob@example.com"), received("carol@example.com")

        assert (len(bob), len(carol)) == (1, 1)
        assert link_of(bob[0]) != link_of(carol[0])

    def test_holds_no_number_and_the_childs_name_masked(self, sent):
        letter = received()[0]
        words = letter.subject + letter.body + letter.alternatives[0][0]

        assert make_identity(701) not in words
        assert make_identity(701)[-6:] not in words
        assert sent.student.name not in words
        assert sent.student.masked_name in words

    def test_is_in_the_transaction_of_sending(self):
        application = draft_application()

        assert not Message.objects.exists()
        assert application.is_draft

    def test_is_one_however_often_is_sent(self, sent):
        actions.send(application=sent, by=sent.started_by)

        assert Message.objects.filter(kind="application-received").count() == 1

    def test_asks_nothing_of_who_has_an_account_with_this_proved_address(self):
        note_proof(account_of("bob@example.com", 701))

        application = sent_application(is_told=True)

        letter = received()[0]
        assert "token=" not in letter.body
        assert "先前已經確認過" in letter.body
        assert application.applicants.get().has_proved_email

    def test_does_not_go_to_another_persons_account(self):
        account_of("bob@example.com", 999)

        sent_application(is_told=True)

        assert not received()
        assert len(letters_to("bob@example.com")) == 1  # asks for another address

    def test_stops_when_the_application_is_withdrawn(self, sent):
        actions.withdraw(application=sent, by=sent.started_by)

        assert not received()

    def test_a_family_that_sends_and_withdraws_writes_to_nobody_in_the_end(self):
        student = StudentFactory()
        application = sent_application(student, is_told=True)
        user = application.started_by
        for _time in range(settings.ADDRESS_MAILS_A_DAY + 3):
            actions.withdraw(application=application, by=user)
            application = actions.choose_kind(student=student, kind=Kind.ONE_PARENT, by=user)
            values = applicant_values()
            actions.save_applicant(application=application, position=1, values=values, is_complete=True, by=user)
            actions.mark_checked(application=application, by=user)
            actions.send(application=application, by=user)

        assert Message.objects.filter(kind="application-received").count() == settings.ADDRESS_MAILS_A_DAY


class TestTheLink:
    def test_opening_it_changes_nothing(self, sent):
        link = link_of(received()[0])

        for _time in range(3):
            response = Client().get(path_of(link))

        assert "這是您的信箱嗎" in response.content.decode()
        assert "no-store" in response["Cache-Control"]
        assert state() == "asked"

    def test_one_press_confirms_and_says_so(self, sent):
        response = press(link_of(received()[0]), "own")

        assert "信箱已確認" in response.content.decode()
        assert "b•••@example.com" in response.content.decode()
        assert state() == "confirmed"

    def test_twice_is_once(self, sent):
        link = link_of(received()[0])
        press(link, "own")

        again = press(link, "own").content.decode()
        opened = Client().get(path_of(link)).content.decode()

        assert "信箱已確認" in again
        assert "信箱已確認" in opened

    def test_a_yes_is_not_unsaid(self, sent):
        link = link_of(received()[0])
        press(link, "own")

        response = press(link, "not")

        assert "這個連結不能用了" in response.content.decode()
        assert state() == "confirmed"

    def test_this_is_not_me_stops_mails_and_tells_how_to_report(self, sent):
        response = press(link_of(received()[0]), "not").content.decode()
        actions_mail = Message.objects.latest("pk")

        assert conditional_escape(sent.student.school.registrar_contact.phone) in response
        assert state() == "refused"
        assert why_not(actions_mail)

    def test_a_wrong_press_is_put_right_by_the_same_link(self, sent):
        link = link_of(received()[0])
        press(link, "not")

        press(link, "own")

        assert state() == "confirmed"
        assert not why_not(Message.objects.latest("pk"))

    def test_a_refused_address_gets_no_opening_mail(self, sent):
        press(link_of(received()[0]), "not")
        teacher = teacher_of(sent.student.school_class)
        mark_paper_form(student=sent.student, answer="agree", by=teacher)
        approve(applicant=sent.applicants.get(), revision=1, by=teacher)

        letters = letters_to("bob@example.com")

        assert [one.subject for one in letters] == [received()[0].subject]
        assert Message.objects.get(kind="account-opened").state == "stopped"

    def test_another_application_with_the_address_asks_anew(self, sent):
        press(link_of(received()[0]), "not")
        actions.withdraw(application=sent, by=sent.started_by)

        sent_application_again(sent)

        assert len(received()) == 2
        assert state() == "asked"

    @pytest.mark.parametrize("answer", ["own", "not"])
    def test_is_over_once_the_address_is_another(self, sent, answer):
        link = link_of(received()[0])
        change_email(sent, "new@example.com")

        response = press(link, answer)

        assert "這個連結不能用了" in response.content.decode()
        assert AddressProof.objects.get(email="bob@example.com").state == "asked"
        assert AddressProof.objects.get(email="new@example.com").state == "asked"

    def test_ends(self, sent):
        link = link_of(received()[0])
        AddressProof.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

        assert "這個連結不能用了" in press(link, "own").content.decode()
        assert state() == "asked"

    def test_is_of_one_school(self, sent):
        link = link_of(received()[0]).replace(sent.student.school.slug, SchoolFactory().slug)

        assert "這個連結不能用了" in press(link, "own").content.decode()

    @pytest.mark.parametrize("token", ["", "x", "x" * 10_000, "\x00", "%00", "王"])
    def test_of_nobody_is_answered(self, sent, token):
        address = page(sent, "applicant-address")

        response = Client().post(address, {"token": token, "answer": ["own", "not"]})

        assert "這個連結不能用了" in response.content.decode()
        assert state() == "asked"

    def test_an_odd_answer_says_nothing(self, sent):
        response = press(link_of(received()[0]), "yes" * 1000)

        assert "這是您的信箱嗎" in response.content.decode()
        assert state() == "asked"

    def test_somebody_elses_link_confirms_only_their_address(self):
        application = sent_application(is_told=True, kind=Kind.TWO_PARENTS)

        press(link_of(received("carol@example.com")[0]), "own")

        proved = {one.position: one.has_proved_email for one in application.applicants.all()}
        assert proved == {1: False, 2: True}


class TestAnotherAddress:
    def test_gets_a_mail_and_forgets_the_proof(self, sent):
        press(link_of(received()[0]), "own")

        change_email(sent, "new@example.com")

        assert len(received("new@example.com")) == 1
        assert not sent.applicants.get().has_proved_email

    def test_stops_what_waits_for_the_former_one(self, sent):
        change_email(sent, "new@example.com")

        assert not received()

    def test_the_former_one_again_is_proved_still(self, sent):
        press(link_of(received()[0]), "own")
        change_email(sent, "new@example.com")

        change_email(sent, "bob@example.com")

        assert sent.applicants.get().has_proved_email

    def test_a_refused_one_again_is_not_written_to(self, sent):
        press(link_of(received()[0]), "not")
        change_email(sent, "new@example.com")
        before = Message.objects.count()

        change_email(sent, "bob@example.com")

        assert Message.objects.count() == before

    def test_other_corrections_send_none(self, sent):
        before = Message.objects.count()

        actions.save_applicant(
            application=sent, position=1, values={"mobile": "0987654321"}, is_complete=True, by=sent.started_by
        )

        assert Message.objects.count() == before


class TestWhoSees:
    def test_the_teacher_and_nobody_is_held_up(self, sent):
        teacher = teacher_of(sent.student.school_class)
        desk = log_in(Client(), teacher)
        address = reverse("review:application", args=[sent.student.school.slug, sent.pk])
        board = reverse("review:class", args=[sent.student.school.slug, sent.student.school_class_id])
        assert "信箱尚未確認" in desk.get(address).content.decode()
        assert "信箱已確認" not in desk.get(board).content.decode()

        press(link_of(received()[0]), "own")

        assert "信箱已確認" in desk.get(address).content.decode()
        assert "信箱已確認" in desk.get(board).content.decode()

    def test_the_teacher_is_warned_of_a_no(self, sent):
        press(link_of(received()[0]), "not")
        desk = log_in(Client(), teacher_of(sent.student.school_class))

        shown = desk.get(reverse("review:application", args=[sent.student.school.slug, sent.pk])).content.decode()

        assert "收信人表示沒有申請" in shown

    def test_the_family_and_its_history(self, sent, family):
        assert "信箱尚未確認" in family.get(page(sent, "sign")).content.decode()
        link = link_of(received()[0])
        press(link, "not")
        assert "收信人表示沒有申請" in family.get(page(sent, "sign")).content.decode()
        assert "收信人表示沒有申請" in family.get(page(sent, "tasks")).content.decode()

        press(link, "own")

        assert "信箱已確認" in family.get(page(sent, "sign")).content.decode()
        assert "收信人確認信箱" in family.get(page(sent, "history")).content.decode()

    def test_a_proved_account_proves_it(self, sent):
        """The first log-in at single sign-on, by the mailed code or the link to a first password."""
        desk = log_in(Client(), teacher_of(sent.student.school_class))
        note_proof(account_of("bob@example.com", 701))

        shown = desk.get(reverse("review:application", args=[sent.student.school.slug, sent.pk])).content.decode()

        assert "信箱已確認" in shown


class TestAgain:
    def test_sends_a_fresh_link_and_the_former_is_over(self, sent, family):
        former = link_of(received()[0])

        response = family.post(page(sent, "address-again", 1))

        assert response.url == page(sent, "sign")
        assert "這個連結不能用了" in press(former, "own").content.decode()
        assert "信箱已確認" in press(link_of(received()[-1]), "own").content.decode()

    def test_is_rationed(self, sent, family):
        for _time in range(settings.ADDRESS_MAILS_A_DAY + 5):
            assert family.post(page(sent, "address-again", 1)).status_code == 302

        assert Message.objects.filter(kind="application-received").count() == settings.ADDRESS_MAILS_A_DAY
        assert "今天已經寄了好幾次" in family.get(page(sent, "sign")).content.decode()

    def test_nothing_once_it_is_confirmed(self, sent, family):
        press(link_of(received()[0]), "own")

        family.post(page(sent, "address-again", 1))

        assert len(received()) == 1

    def test_of_another_family_is_not_found(self, sent):
        other = sent_application(is_told=True)
        client = log_in(Client(), other.started_by)

        assert client.post(page(sent, "address-again", 1)).status_code == 404
        assert client.get(page(other, "address-again", 1)).status_code == 405


def test_once_proved_mails_say_the_childs_name_in_full(sent):
    press(link_of(received()[0]), "own")
    teacher = teacher_of(sent.student.school_class)
    return_for_changes(applicant=sent.applicants.get(), reason="請改用本人手機", revision=1, by=teacher)

    assert sent.student.name in letters_to("bob@example.com")[-1].body


def account_of(email, number):
    return sso_parent(by=family_of(StudentFactory()), email=email, number=make_identity(number))


def change_email(application, email):
    actions.save_applicant(
        application=reload(application),
        position=1,
        values={"email": email},
        is_complete=True,
        by=application.started_by,
    )


def sent_application_again(application):
    user, student = application.started_by, application.student
    again = actions.choose_kind(student=student, kind=Kind.ONE_PARENT, by=user)
    actions.save_applicant(application=again, position=1, values=applicant_values(), is_complete=True, by=user)
    actions.mark_checked(application=again, by=user)
    actions.send(application=again, by=user)
    assert Application.objects.filter(student=student).count() == Applicant.objects.count()
