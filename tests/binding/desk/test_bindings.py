"""The registrar's list of bindings, one binding's page, and ending it; the parent's own way out."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from audit.models import Event
from binding.models import Binding
from core import crypto
from notifications.models import Message
from tests.accounts.factories import PASSWORD, log_in, registrar_of, teacher_of
from tests.binding.factories import Kind, approved_application
from tests.registry.factories import SchoolClassFactory, StudentFactory, make_identity
from tests.support.lists import search

pytestmark = pytest.mark.django_db


@pytest.fixture
def school_class():
    return SchoolClassFactory()


@pytest.fixture
def teacher(school_class):
    return teacher_of(school_class)


@pytest.fixture
def student(school_class):
    return StudentFactory(school=school_class.school, school_class=school_class, student_number="10730001")


@pytest.fixture
def both(student, teacher):
    """Bob and Carol, bound to the same child; no mail is waiting."""
    approved_application(teacher, student, kind=Kind.TWO_PARENTS)
    Message.objects.all().delete()
    return Binding.objects.order_by("pk")


@pytest.fixture
def registrar(client, school_class):
    user = registrar_of(school_class.school)
    log_in(client, user)
    return user


def page(binding, name="binding"):
    return reverse(f"binding:{name}", args=[binding.student.school.slug, binding.pk])


class TestList:
    def find(self, client, school, q="", **filters):
        address = reverse("binding:bindings", args=[school.slug])
        if q:
            return search(client, address, "bindings", q, **filters).content.decode()
        return client.get(address, filters).content.decode()

    def test_names_who_is_bound_with_a_masked_address(self, client, both, registrar):
        shown = self.find(client, registrar.school)

        assert "王大明" in shown
        assert "李小華" in shown
        assert "b•••@example.com" in shown
        assert "bob@example.com" not in shown
        assert make_identity(701) not in shown

    @pytest.mark.parametrize(("text", "found"), [("10730001", 2), ("尹書妍", 2), ("李小華", 1), ("999", 0)])
    def test_is_searched_by_student_and_person(self, client, both, registrar, text, found):
        assert f"共 {found} 筆" in self.find(client, registrar.school, q=text)

    def test_takes_no_id_number(self, client, both, registrar):
        address = reverse("binding:bindings", args=[registrar.school.slug])

        assert search(client, address, "bindings", make_identity(701)).redirect_chain[0][0] == address

    def test_shows_ended_ones_when_asked(self, client, both, registrar):
        client.post(page(both[0], "binding-end"), {"reason": "mistake"})

        assert "王大明" not in self.find(client, registrar.school)
        assert "王大明" in self.find(client, registrar.school, state="ended")
        assert "共 2 筆" in self.find(client, registrar.school, state="all")

    @pytest.mark.parametrize("size", [1, 12])
    def test_costs_eight_queries_at_most(
        self, client, school_class, teacher, registrar, django_assert_max_num_queries, size
    ):
        for n in range(size):
            child = StudentFactory(school=school_class.school, school_class=school_class, seat_number=n + 1)
            someone = {1: {"identity_number": make_identity(n), "email": f"p{n}@example.com"}}
            approved_application(teacher, child, people=someone)

        with django_assert_max_num_queries(8):
            shown = self.find(client, school_class.school)
        assert f"共 {size} 筆" in shown


class TestPage:
    def test_tells_who_since_when_and_by_whose_approval(self, client, both, registrar, teacher):
        shown = client.get(page(both[0])).content.decode()

        assert "bob@example.com" in shown
        assert teacher.name in shown
        assert "綁定開始" in shown
        assert "A1••" not in shown
        assert "carol@example.com" not in shown

    def test_costs_fourteen_queries_at_most(self, client, both, registrar, django_assert_max_num_queries):
        with django_assert_max_num_queries(14):
            client.get(page(both[0]))

    def test_is_not_for_another_school(self, client, both):
        log_in(client, registrar_of(StudentFactory().school))

        assert client.get(page(both[0])).status_code == 404


class TestEndingByTheRegistrar:
    def test_ends_the_one_and_tells_nobody_else(self, client, both, registrar):
        parent = both[0].account.user
        at_home = log_in(Client(), parent)

        client.post(page(both[0], "binding-end"), {"reason": "not_guardian", "note": "依 115/3/1 戶籍資料"})

        ended, stays = both.all()
        mail = Message.objects.get()
        assert (ended.state, ended.end_reason, stays.state) == ("ended", "not_guardian", "active")
        assert (mail.kind, mail.to) == ("binding-ended", "bob@example.com")
        assert "依 115/3/1 戶籍資料" in mail.text
        assert at_home.get(reverse("binding:sso-home")).status_code == 302
        assert Event.objects.filter(event="binding.ended", actor_id=registrar.pk).count() == 1
        assert "綁定終止" in client.get(page(ended)).content.decode()

    def test_twice_ends_once(self, client, both, registrar):
        for _twice in range(2):
            client.post(page(both[0], "binding-end"), {"reason": "mistake"})

        assert Message.objects.count() == 1

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ({}, "請選擇終止的原因"),
            ({"reason": "registrar"}, "請寫明原因"),
            ({"reason": "court_order", "note": "x"}, "請修正 1 個地方"),
            ({"reason": "delegation_ended", "note": "x"}, "請修正 1 個地方"),
            ({"reason": "mistake", "note": f"證號 {make_identity(5)}"}, "請不要在這裡寫身分證統一編號"),
        ],
    )
    def test_needs_a_reason_from_the_list(self, client, both, registrar, typed, words):
        shown = client.post(page(both[0], "binding-end"), typed | {"x": "x"}).content.decode()

        assert words in shown
        assert both[0].is_active

    def test_is_not_for_a_registrar_of_the_own_family(self, client, both, registrar):
        registrar.identity_fingerprint = crypto.fingerprint(make_identity(702))
        registrar.save()

        shown = client.post(page(both[0], "binding-end"), {"reason": "mistake"}).content.decode()

        assert "另一位同仁" in shown
        assert both[0].is_active


class TestLettingGoAsAParent:
    @pytest.fixture
    def bob(self, both):
        user = User.objects.get(username="bob@example.com")
        user.set_password(PASSWORD)
        user.save()
        return user

    def unbind(self, client, binding, password=PASSWORD):
        return client.post(reverse("binding:unbind", args=[binding.pk]), {"password": password}, follow=True)

    def test_is_offered_for_each_child_and_says_what_it_means(self, client, both, bob):
        log_in(client, bob)
        address = reverse("binding:unbind", args=[both[0].pk])

        assert address in client.get(reverse("binding:sso-home")).content.decode()
        assert "立即看不到這個孩子" in client.get(address).content.decode()

    def test_ends_the_own_binding_and_other_sessions_and_tells_nobody_else(self, client, both, bob):
        log_in(client, bob)
        elsewhere = log_in(Client(), bob)

        shown = self.unbind(client, both[0]).content.decode()

        ended, stays = both.all()
        assert "已解除綁定" in shown
        assert "目前沒有綁定中的孩子" in shown
        assert (ended.end_reason, stays.state) == ("parent", "active")
        assert [one.to for one in Message.objects.all()] == ["bob@example.com"]
        assert elsewhere.get(reverse("binding:sso-home")).status_code == 302

    def test_needs_the_own_password_and_counts_wrong_ones(self, client, both, bob, settings):
        log_in(client, bob)

        assert "您的密碼不正確" in self.unbind(client, both[0], "wrong").content.decode()
        for _more in range(settings.LOGIN_FAILURE_LIMIT):
            shown = self.unbind(client, both[0], "wrong").content.decode()

        assert "輸入錯誤太多次" in shown
        assert both[0].is_active

    def test_is_not_for_the_other_parents_binding(self, client, both, bob):
        log_in(client, bob)

        assert self.unbind(client, both[1]).status_code == 404
        assert both[1].is_active

    def test_twice_says_so(self, client, both, bob):
        log_in(client, bob)
        self.unbind(client, both[0])

        assert "這個綁定已經解除" in self.unbind(client, both[0]).content.decode()
        assert Message.objects.count() == 1
