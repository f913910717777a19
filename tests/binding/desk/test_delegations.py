"""A guardian's mandate: the carer is bound from the first day to the last, and not a day longer."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.log_in import log_in_parent
from accounts.models import SSOAccount, User
from audit.models import Event
from binding.actions import court_orders
from binding.actions.consent import answer_consent
from binding.actions.delegation import latest_end
from binding.models import Binding, Delegation
from consent.models import ConsentText
from core import crypto
from notifications.models import Message
from registry.models import Guardian, Student
from review.decisions import approve
from review.paper_register import mark_paper_form
from tests.accounts.factories import log_in, registrar_of, sso_parent, teacher_of
from tests.binding.factories import (
    MANDATE,
    Kind,
    approved_application,
    confirmed_family,
    mandate_for,
    redrawn,
    sent_application,
)
from tests.registry.factories import StudentFactory, make_identity

pytestmark = pytest.mark.django_db

GRANNY = make_identity(777, gender=2)


def day(days):
    return timezone.localdate() + timedelta(days=days)


@pytest.fixture
def student():
    return StudentFactory()


@pytest.fixture
def teacher(student):
    return teacher_of(student.school_class)


@pytest.fixture
def registrar(client, student):
    user = registrar_of(student.school)
    log_in(client, user)
    return user


@pytest.fixture
def bob(student, teacher):
    """Bound already, with Carol, and gives the mandate; no mail is waiting."""
    approved_application(teacher, student, kind=Kind.TWO_PARENTS)
    Message.objects.all().delete()
    return Binding.objects.order_by("pk").first()


def page(student, name="delegate"):
    return reverse(f"binding:{name}", args=[student.school.slug, student.pk])


def typed(giver, **other):
    return {
        "giver": giver,
        "name": "陳阿玉",
        "relationship": "grandmother",
        "identity_number": GRANNY,
        "mobile": "0955-555-777",
        "email": "Granny@example.com",
        "starts_on": day(0).isoformat(),
        "ends_on": day(90).isoformat(),
        "document": SimpleUploadedFile("委託書.pdf", MANDATE.content),
        **other,
    }


def to_whom():
    return sorted(Message.objects.values_list("kind", "to"))


def days_go_by(days):
    """As if the mandate had been entered so many days earlier."""
    for one in Delegation.objects.all():
        moved = {"starts_on": one.starts_on - timedelta(days=days), "ends_on": one.ends_on - timedelta(days=days)}
        Delegation.objects.filter(pk=one.pk).update(**moved)
    for one in Binding.objects.filter(kind="delegated"):
        one.first_day -= timedelta(days=days)
        one.last_day -= timedelta(days=days)
        one.save()


class TestEntering:
    def test_binds_the_carer_and_tells_the_two_and_nobody_else(self, client, student, registrar, bob):
        response = client.post(page(student), typed(f"bound-{bob.pk}"))

        binding = Binding.objects.get(kind="delegated")
        mandate = Delegation.objects.get()
        assert response.url == reverse("binding:binding", args=[student.school.slug, binding.pk])
        assert (binding.last_day, binding.is_active, mandate.giver_name) == (day(90), True, "王大明")
        assert to_whom() == [("delegation-given", "bob@example.com"), ("delegation-started", "granny@example.com")]
        assert "末六碼" in Message.objects.get(to="granny@example.com").text
        assert "李" not in "".join(Message.objects.values_list("text", flat=True))
        assert log_in_parent(email="granny@example.com", password=GRANNY[-6:])
        assert {"binding.started", "sso_account.opened"} <= set(Event.objects.values_list("event", flat=True))

    def test_the_number_and_the_paper_are_kept_encrypted(self, client, student, registrar, bob):
        client.post(page(student), typed(f"bound-{bob.pk}"))

        mandate = Delegation.objects.get()
        with mandate.file.open("rb") as stored:
            assert b"guardian" not in stored.read()
        assert mandate.identity_number == GRANNY
        assert GRANNY not in mandate.identity_cipher
        shown = client.get(reverse("binding:binding", args=[student.school.slug, mandate.binding_id]))
        assert GRANNY not in shown.content.decode()
        assert "委託人" in shown.content.decode()
        address = reverse("binding:delegation-file", args=[student.school.slug, mandate.pk])
        assert client.get(address).content == redrawn(MANDATE)
        assert Event.objects.filter(event="delegation.viewed").count() == 1

    def test_finds_the_account_that_the_carer_has(self, client, student, registrar, bob):
        granny = sso_parent(by=registrar, email="old@example.com", number=GRANNY, name="陳阿玉")
        before = granny.password

        client.post(page(student), typed(f"bound-{bob.pk}"))

        granny.refresh_from_db()
        assert (granny.username, granny.password) == ("old@example.com", before)
        assert to_whom()[1] == ("delegation-started", "old@example.com")
        assert "末六碼" not in Message.objects.get(to="old@example.com").text

    def test_by_a_guardian_on_record_who_is_not_bound(self, client, student, registrar):
        guardian = Guardian(student=student, position=1, name="尹大同", relationship="父", email="")
        guardian.identity_number = make_identity(55)
        guardian.save()

        client.post(page(student), typed("record-1"))

        assert Delegation.objects.get().giver_name == "尹大同"
        assert to_whom() == [("delegation-started", "granny@example.com")]

    def test_needs_somebody_who_may_give_it(self, client, student, registrar):
        assert "沒有可以委託的人" in client.get(page(student)).content.decode()

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ({"ends_on": day(-1).isoformat()}, "結束日不能在今天之前"),
            ({"starts_on": day(9).isoformat(), "ends_on": day(8).isoformat()}, "結束日不能早於開始日"),
            ({"ends_on": day(800).isoformat()}, "委託最長 2 年"),
            ({"ends_on": ""}, "委託結束日"),
            ({"identity_number": "A123456780"}, "證號不正確"),
            ({"identity_number": make_identity(701)}, "不能是同一個人"),
            ({"identity_number": make_identity(702)}, "已經和這位學生綁定"),
            ({"email": "carol@example.com"}, "這個電子郵件無法使用"),
            ({"relationship": "father"}, "照顧者是學生的"),
            ({"document": ""}, "請選擇要上傳的檔案"),
            ({"giver": "bound-0"}, "委託人"),
        ],
    )
    def test_says_what_is_wrong_and_keeps_the_rest(self, client, student, registrar, bob, wrong, words):
        shown = client.post(page(student), typed(f"bound-{bob.pk}") | wrong).content.decode()

        assert words in shown
        assert "error-summary" in shown
        assert "陳阿玉" in shown
        assert not Delegation.objects.exists()
        assert not Message.objects.exists()

    def test_is_not_for_the_students_own_number(self, client, student, registrar, bob):
        data = typed(f"bound-{bob.pk}", identity_number=student.identity_number)

        assert "這是學生的證號" in client.post(page(student), data).content.decode()

    def test_twice_binds_once(self, client, student, registrar, bob):
        client.post(page(student), typed(f"bound-{bob.pk}"))

        assert "已經和這位學生綁定" in client.post(page(student), typed(f"bound-{bob.pk}")).content.decode()
        assert Delegation.objects.count() == 1

    def test_is_not_against_a_courts_order(self, client, student, registrar, bob):
        mandate = mandate_for(student, by=registrar)
        court_orders.enter_order(
            binding=mandate.binding, number="1", ordered_on=day(-1), effective_on=day(0), until=None,
            document=MANDATE, by=registrar,
        )  # fmt: skip
        assert "法院裁定" in client.post(page(student), typed(f"bound-{bob.pk}")).content.decode()

    def test_is_not_for_a_family_that_declined(self, client, student, registrar):
        guardian = Guardian(student=student, position=1, name="尹大同")
        guardian.save()
        answer_consent(
            student=student, answer="declined", text=ConsentText.objects.current(), by=confirmed_family(student)
        )

        assert "意願是無意參加" in client.post(page(student), typed("record-1")).content.decode()

    def test_is_not_for_a_student_who_left(self, client, student, registrar, bob):
        Student.objects.update(status="left")

        assert "已經畢業或離校" in client.post(page(student), typed(f"bound-{bob.pk}")).content.decode()

    def test_costs_fourteen_queries_at_most(self, client, student, registrar, bob, django_assert_max_num_queries):
        with django_assert_max_num_queries(14):
            client.get(page(student))


class TestItsDays:
    def sees_the_child(self, student):
        SSOAccount.objects.update(state="active")
        user = User.objects.get(username="granny@example.com")
        user.set_password("x")
        user.save()
        shown = log_in(Client(), user).get(reverse("binding:sso-home")).content.decode()
        return student.name in shown

    def test_it_begins_on_its_first_day(self, student, registrar, bob):
        mandate_for(student, by=registrar, starts=3)

        assert not self.sees_the_child(student)
        days_go_by(3)
        assert self.sees_the_child(student)

    def test_it_is_over_after_its_last_day_whether_or_not_a_task_ran(self, student, registrar, bob):
        mandate_for(student, by=registrar, ends=30)
        days_go_by(30)
        assert self.sees_the_child(student)
        days_go_by(1)

        assert not self.sees_the_child(student)
        assert Binding.objects.active().count() == 2
        assert Binding.objects.get(kind="delegated").state == "active"

    def test_a_task_writes_it_down_and_tells_the_two_once(self, student, registrar, bob):
        mandate_for(student, by=registrar, ends=30)
        Message.objects.all().delete()
        days_go_by(31)

        for _twice in range(2):
            call_command("end_expired", verbosity=0)

        binding = Binding.objects.get(kind="delegated")
        assert (binding.state, binding.end_reason) == ("ended", "delegation_expired")
        assert Delegation.objects.get().state == "expired"
        assert to_whom() == [("delegation-ended", "bob@example.com"), ("delegation-ended", "granny@example.com")]

    def test_a_new_one_may_follow_one_that_nobody_wrote_off(self, student, registrar, bob):
        mandate_for(student, by=registrar, ends=30)
        days_go_by(31)

        mandate_for(student, by=registrar)

        assert sorted(Binding.objects.filter(kind="delegated").values_list("state", flat=True)) == [
            "active", "ended",
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("starts", "last"),
        [
            (date(2026, 9, 1), date(2028, 8, 31)),
            (date(2028, 2, 29), date(2030, 2, 28)),
            (date(2026, 3, 1), date(2028, 2, 29)),
        ],
    )
    def test_two_years_are_counted_by_the_calendar(self, starts, last):
        assert latest_end(starts) == last


class TestProlonging:
    @pytest.fixture
    def mandate(self, student, registrar, bob):
        mandate = mandate_for(student, by=registrar)
        Message.objects.all().delete()
        return mandate

    def prolong(self, client, mandate, **other):
        address = reverse("binding:delegation-prolong", args=[mandate.binding.student.school.slug, mandate.binding_id])
        paper = SimpleUploadedFile("x.pdf", MANDATE.content)
        data = {"starts_on": day(31).isoformat(), "ends_on": day(200).isoformat(), "document": paper, **other}
        return client.post(address, data)

    def test_goes_on_by_a_new_mandate_and_tells_the_two(self, client, mandate):
        self.prolong(client, mandate)

        mandate.binding.refresh_from_db()
        assert mandate.binding.last_day == day(200)
        assert list(Delegation.objects.values_list("state", flat=True)) == ["in_force", "prolonged"]
        assert to_whom() == [
            ("delegation-prolonged", "bob@example.com"),
            ("delegation-prolonged", "granny@example.com"),
        ]

    @pytest.mark.parametrize(
        "wrong", [{"starts_on": day(40).isoformat()}, {"starts_on": day(0).isoformat(), "ends_on": day(20).isoformat()}]
    )
    def test_leaves_no_gap_and_is_longer(self, client, mandate, wrong):
        assert "要接著目前的期間" in self.prolong(client, mandate, **wrong).content.decode()
        assert Delegation.objects.count() == 1

    def test_is_not_for_one_that_is_over(self, client, mandate):
        days_go_by(31)

        assert "要接著目前的期間" in self.prolong(client, mandate, starts_on=day(0).isoformat()).content.decode()

    def test_is_not_for_an_applied_binding(self, client, mandate, bob):
        address = reverse("binding:delegation-prolong", args=[bob.student.school.slug, bob.pk])

        assert client.get(address).status_code == 404


class TestEndingEarly:
    def test_by_the_registrar_tells_the_two(self, client, student, registrar, bob):
        mandate = mandate_for(student, by=registrar)
        Message.objects.all().delete()
        address = reverse("binding:binding-end", args=[student.school.slug, mandate.binding_id])

        client.post(address, {"reason": "delegation_ended"})

        assert Delegation.objects.get().state == "ended"
        assert to_whom() == [("delegation-ended", "bob@example.com"), ("delegation-ended", "granny@example.com")]

    def test_by_a_courts_order_against_the_guardian_who_gave_it(self, student, registrar, bob):
        mandate_for(student, by=registrar)

        court_orders.enter_order(
            binding=bob, number="1", ordered_on=day(-1), effective_on=day(0), until=None, document=MANDATE, by=registrar
        )

        assert list(Binding.objects.active().values_list("account__user__username", flat=True)) == ["carol@example.com"]

    def test_by_approval_of_the_carer_as_guardian(self, student, teacher, registrar, bob):
        mandate_for(student, by=registrar)
        person = {1: {"identity_number": GRANNY, "email": "granny@example.com", "name": "陳阿玉"}}
        application = sent_application(student, kind=Kind.GUARDIAN, people=person)
        mark_paper_form(student=student, answer="agree", by=teacher)

        approve(applicant=application.applicants.get(), revision=application.revision, by=registrar)

        [binding] = Binding.objects.active().filter(account__identity_fingerprint=crypto.fingerprint(GRANNY))
        assert (binding.kind, binding.last_day) == ("applied", None)
        assert Delegation.objects.get().state == "ended"


def test_the_opening_mail_is_sent_again(client, student, registrar, bob):
    mandate = mandate_for(student, by=registrar)
    SSOAccount.objects.update(initial_failures=10)
    address = reverse("binding:binding-opening", args=[student.school.slug, mandate.binding_id])

    client.post(address)

    assert SSOAccount.objects.get(pk=mandate.binding.account_id).takes_initial_password
    assert Message.objects.filter(kind="delegation-started", to="granny@example.com").count() == 2
