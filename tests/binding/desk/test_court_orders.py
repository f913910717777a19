"""A court's order: it ends the binding now or on its day, and keeps the person from being bound again."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.models import Event
from binding.actions import court_orders
from binding.evidence_intake import HarmlessFile
from binding.models import Applicant, Binding, CourtOrder
from notifications.models import Message
from review import permissions, policies
from review.class_approval import approve_all, candidates_of
from review.class_board import Census
from review.decisions import approve, reject
from review.paper_register import mark_paper_form
from tests.accounts.factories import log_in, registrar_of, teacher_of
from tests.binding.factories import Kind, approved_application, redrawn, sent_application
from tests.registry.factories import SchoolClassFactory, StudentFactory
from tests.support.pdf import small_pdf

pytestmark = pytest.mark.django_db

PAPER = HarmlessFile("裁定書.pdf", small_pdf(), "application/pdf")


def day(days):
    return timezone.localdate() + timedelta(days=days)


@pytest.fixture
def school_class():
    return SchoolClassFactory()


@pytest.fixture
def teacher(school_class):
    return teacher_of(school_class)


@pytest.fixture
def student(school_class):
    return StudentFactory(school=school_class.school, school_class=school_class)


@pytest.fixture
def both(student, teacher):
    """Bob and Carol are bound; the order is against Bob."""
    approved_application(teacher, student, kind=Kind.TWO_PARENTS)
    Message.objects.all().delete()
    return Binding.objects.order_by("pk")


@pytest.fixture
def registrar(client, school_class):
    user = registrar_of(school_class.school)
    log_in(client, user)
    return user


def typed(**other):
    return {
        "number": "115 年度家護字第 123 號",
        "ordered_on": day(-3).isoformat(),
        "effective_on": day(0).isoformat(),
        "until": "",
        "document": SimpleUploadedFile("裁定書.pdf", PAPER.content),
        **other,
    }


def enter(binding, by, *, effective=0, until=None, number="115 家護 1"):
    return court_orders.enter_order(
        binding=binding, number=number, ordered_on=day(-30), effective_on=day(effective),
        until=None if until is None else day(until), document=PAPER, by=by,
    )  # fmt: skip


def page(binding, name="binding-court"):
    return reverse(f"binding:{name}", args=[binding.student.school.slug, binding.pk])


def run():
    call_command("end_expired", verbosity=0)


class TestEntering:
    def test_ends_the_binding_and_tells_the_person_alone(self, client, both, registrar):
        at_home = log_in(Client(), both[0].account.user)

        response = client.post(page(both[0]), typed())

        ended, stays = both.all()
        mail = Message.objects.get()
        assert response.url == page(both[0], "binding")
        assert (ended.end_reason, stays.state) == ("court_order", "active")
        assert (mail.kind, mail.to) == ("binding-ended", "bob@example.com")
        assert "115 年度家護字" not in mail.text
        assert "李" not in mail.text
        assert at_home.get(reverse("binding:sso-home")).status_code == 302
        assert "不能和這位學生綁定" in client.get(response.url).content.decode()

    def test_keeps_the_paper_encrypted_and_shows_it_to_registrars(self, client, both, registrar):
        client.post(page(both[0]), typed())
        order = CourtOrder.objects.get()
        address = reverse("binding:court-file", args=[registrar.school.slug, order.pk])

        with order.file.open("rb") as stored:
            assert b"court" not in stored.read()
        assert client.get(address).content == redrawn(PAPER)
        assert Event.objects.filter(event="court_order.viewed", actor_id=registrar.pk).count() == 1

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ({"ordered_on": day(1).isoformat()}, "裁定日期不能在今天之後"),
            ({"effective_on": day(-9).isoformat()}, "生效日不能早於裁定日期"),
            ({"until": day(-1).isoformat()}, "這個期間已經過了"),
            ({"effective_on": day(9).isoformat(), "until": day(5).isoformat()}, "期間結束不能早於生效日"),
            ({"document": SimpleUploadedFile("x.pdf", b"no paper")}, "不是可以讀取的"),
            ({"document": ""}, "請選擇要上傳的檔案"),
            ({"number": ""}, "裁定字號"),
            ({"effective_on": "someday"}, "日期格式無法辨識"),
        ],
    )
    def test_says_what_is_wrong(self, client, both, registrar, wrong, words):
        assert words in client.post(page(both[0]), typed(**wrong)).content.decode()
        assert not CourtOrder.objects.exists()
        assert both[0].is_active

    def test_twice_is_one_order(self, client, both, registrar):
        client.post(page(both[0]), typed())

        again = client.post(page(both[0]), typed()).content.decode()

        assert "這個字號的裁定已經登錄" in again
        assert CourtOrder.objects.count() == Message.objects.count() == 1


class TestADayToCome:
    def test_leaves_the_binding_until_then_and_tells_nobody_yet(self, both, registrar):
        enter(both[0], registrar, effective=5)

        assert both[0].is_active
        assert both[0].last_day == day(4)
        assert not Message.objects.exists()
        run()
        assert both[0].is_active

    def test_ends_it_by_itself_when_it_comes(self, both, registrar):
        order = enter(both[0], registrar, effective=5)
        bring_forward(order, 5)

        assert not both[0].is_active
        assert Binding.objects.active().count() == 1
        run()
        run()

        order.refresh_from_db()
        assert (both[0].state, both[0].end_reason, order.state) == ("ended", "court_order", "in_force")
        assert [one.to for one in Message.objects.all()] == ["bob@example.com"]

    def test_is_lifted_before_and_nothing_ends(self, client, both, registrar):
        order = enter(both[0], registrar, effective=5)
        address = reverse("binding:court-lift", args=[registrar.school.slug, order.pk])

        client.post(address, {"reason": "法院撤銷"})

        assert both[0].last_day is None
        assert CourtOrder.objects.get().state == "lifted"
        assert "這個裁定已經屆滿或撤銷" in client.post(address, {"reason": "x"}).content.decode()


def bring_forward(order, days):
    """As if `days` had gone by."""
    CourtOrder.objects.filter(pk=order.pk).update(effective_on=order.effective_on - timedelta(days=days))
    Binding.objects.filter(last_day__isnull=False).update(last_day=day(-1))


class TestApplyingWhileItStands:
    @pytest.fixture
    def applicant(self, both, student, teacher, registrar):
        """Bob applies again for the child that the court keeps him from."""
        enter(both[0], registrar)
        application = sent_application(student)
        mark_paper_form(student=student, answer="agree", by=teacher)
        Message.objects.all().delete()
        return application.applicants.get()

    def test_is_not_for_the_teacher_to_decide(self, applicant, teacher):
        for decide in (approve, lambda **what: reject(reason="x", **what)):
            with pytest.raises(permissions.NotYours, match="註冊組"):
                decide(applicant=applicant, revision=1, by=teacher)

        assert Applicant.objects.get(pk=applicant.pk).review == "pending"

    def test_is_never_approved_in_a_batch(self, applicant, teacher, school_class):
        candidates = candidates_of(Census.of(school_class), teacher)

        assert "法院裁定" in candidates[0].reasons[-1]
        assert approve_all(candidates, keys={candidates[0].key}, by=teacher) == ([], [])

    def test_is_refused_or_waits_with_the_registrar(self, client, applicant, registrar):
        with pytest.raises(policies.NotAllowed, match="法院裁定"):
            approve(applicant=applicant, revision=1, by=registrar)
        listed = client.get(reverse("binding:bindings", args=[registrar.school.slug])).content.decode()

        assert "請註冊組處理的申請" in listed
        reject(applicant=applicant, reason="請與註冊組聯絡", revision=1, by=registrar)
        assert Applicant.objects.get(pk=applicant.pk).review == "rejected"

    def test_is_open_again_once_it_is_over(self, applicant, registrar):
        CourtOrder.objects.update(until=day(-1), effective_on=day(-2))

        approve(applicant=applicant, revision=1, by=registrar)
        run()

        assert CourtOrder.objects.get().state == "expired"
        assert Binding.objects.active().count() == 2

    def test_of_the_other_parent_goes_on_as_ever(self, both, student, teacher, registrar):
        enter(both[1], registrar)
        application = sent_application(StudentFactory(school=student.school, school_class=student.school_class))
        mark_paper_form(student=application.student, answer="agree", by=teacher)

        approve(applicant=application.applicants.get(), revision=1, by=teacher)

        assert Binding.objects.active().filter(student=application.student).exists()


def test_the_page_says_so_to_the_teacher_and_nothing_to_the_family(client, both, student, teacher, registrar):
    enter(both[0], registrar)
    application = sent_application(student)
    log_in(client, teacher)
    shown = client.get(reverse("review:application", args=[student.school.slug, application.pk])).content.decode()
    family = log_in(Client(), application.started_by)

    assert "法院裁定的限制" in shown
    assert "115 家護 1" not in shown
    for name in ("tasks", "sign"):
        assert "法院" not in family.get(reverse(f"binding:{name}", args=[student.school.slug])).content.decode()


def test_orders_of_another_school_do_not_exist(client, both, registrar):
    order = enter(both[0], registrar)
    elsewhere = registrar_of(StudentFactory().school)
    log_in(client, elsewhere)

    for name in ("court-file", "court-lift"):
        assert client.get(reverse(f"binding:{name}", args=[elsewhere.school.slug, order.pk])).status_code == 404
    assert User.objects.filter(kind="parent").count() == 2
