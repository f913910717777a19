"""Families, their teacher and the registrar see that mails do not arrive, and where to put it right."""

from functools import partial

import pytest
from django.urls import reverse

from audit.models import Event
from binding import visibility
from binding.actions.gone_addresses import try_again
from binding.models import Binding
from binding.progress import Progress
from binding.reachability import list_unreached, unreached_at
from core.listing import Listing
from notifications.models import GoneAddress, Message
from review.decisions import return_for_changes
from tests.accounts.factories import log_in, registrar_of, teacher_of
from tests.binding.factories import Kind, approved_application, sent_application
from tests.registry.factories import StudentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def student():
    return StudentFactory()


@pytest.fixture
def teacher(student):
    return teacher_of(student.school_class)


def gone(email="bob@example.com"):
    return GoneAddress.objects.create(email=email, server_code="5.1.1")


def hub_of(client, application):
    log_in(client, application.started_by)
    return client.get(reverse("binding:tasks", args=[application.student.school.slug])).content.decode()


class TestHub:
    def test_says_nothing_while_mails_arrive(self, client, student):
        assert "退回來了" not in hub_of(client, sent_application(student))

    def test_names_the_address_masked_and_leads_to_its_field(self, client, student):
        application = sent_application(student, kind=Kind.TWO_PARENTS)
        gone("carol@example.com")

        page = hub_of(client, application)

        assert "寄到 c•••@example.com 的信退回來了" in page
        assert "b•••@example.com 的信" not in page
        assert f'href="{reverse("binding:applicant", args=[student.school.slug, 2])}"' in page

    def test_once_the_address_is_put_right_it_is_quiet(self, client, student):
        application = sent_application(student)
        gone()
        application.applicants.update(email="bob.right@example.com")

        assert "退回來了" not in hub_of(client, application)

    def test_where_the_field_is_closed_the_teacher_is_to_open_it(self, client, student, teacher):
        application = sent_application(student)
        one = application.applicants.get()
        return_for_changes(applicant=one, reason="手機不對", fields=["mobile"], revision=1, by=teacher)
        gone()

        page = hub_of(client, application)

        assert "請告訴導師" in page

    def test_of_who_is_bound_the_accounts_address_counts(self, client, student, teacher):
        application = approved_application(teacher, student)
        account = Binding.objects.get().account
        gone()
        assert "請本人帶證件到註冊組" in hub_of(client, application)

        account.user.email = account.user.username = "bob.new@example.com"
        account.user.save()
        assert "退回來了" not in hub_of(client, application)

    def test_where_parents_data_is_kept_apart_it_is_not_told(self, student):
        application = sent_application(student)
        gone()
        progress = Progress.of(student)
        assert [one.came_back for one in progress.people] == ["b•••@example.com"]

        people = visibility.people_of(progress.application, restricted=True)

        assert application == progress.application
        assert [one.came_back for one in people] == [""]

    def test_history_says_that_a_mail_came_back(self, client, student, teacher):
        application = sent_application(student)
        return_for_changes(applicant=application.applicants.get(), reason="手機不對", revision=1, by=teacher)
        mail = Message.objects.get(kind="applicant-returned")
        Message.objects.filter(pk=mail.pk).update(
            state="sent", sent_at=mail.created_at, bounced_as="gone", bounced_at=mail.created_at
        )
        log_in(client, application.started_by)

        page = client.get(reverse("binding:history", args=[student.school.slug])).content.decode()

        assert "寄出通知信，後來退回" in page


class TestTeacher:
    def test_sees_it_at_the_applicant(self, client, student, teacher):
        application = sent_application(student)
        address = reverse("review:application", args=[student.school.slug, application.pk])
        log_in(client, teacher)
        assert "退回來了" not in client.get(address).content.decode()

        gone()

        page = client.get(address).content.decode()
        assert "寄到 b•••@example.com 的信退回來了" in page
        assert "勾選「電子郵件」退回修正" in page


class TestRegistrar:
    @pytest.fixture
    def registrar(self, client, student):
        user = registrar_of(student.school)
        log_in(client, user)
        return user

    def page(self, client, student):
        return client.get(reverse("binding:gone-addresses", args=[student.school.slug])).content.decode()

    def test_an_empty_list_says_so(self, client, student, registrar):
        assert "目前沒有退信" in self.page(client, student)

    def test_lists_who_applies_and_who_is_bound_with_the_page_to_put_it_right(
        self, client, student, teacher, registrar, django_assert_max_num_queries
    ):
        approved_application(teacher, student)
        sister = StudentFactory(school=student.school, school_class=student.school_class)
        application = sent_application(
            sister, people={1: {"email": "zoe@example.com", "identity_number": "A123456789"}}
        )
        gone()
        gone("zoe@example.com")
        gone("of.nobody@example.com")

        with django_assert_max_num_queries(8):
            page = self.page(client, student)

        slug = student.school.slug
        assert reverse("binding:binding-address", args=[slug, Binding.objects.get().pk]) in page
        assert reverse("review:application", args=[slug, application.pk]) in page
        assert "of.nobody@" not in page
        assert unreached_at(student.school).count() == 2

    def test_who_is_past_the_first_page_is_on_the_next(self, client, student, teacher, registrar, monkeypatch):
        monkeypatch.setattr("binding.desk.views.gone_addresses.Listing", partial(Listing, size=1))
        for child, email, number in (
            (student, "ann@example.com", "A123456789"),
            (None, "zoe@example.com", "B123456780"),
        ):
            child = child or StudentFactory(school=student.school, school_class=student.school_class)
            sent_application(child, people={1: {"email": email, "identity_number": number}})
            gone(email)

        address = reverse("binding:gone-addresses", args=[student.school.slug])
        pages = [client.get(address, {"page": n}).content.decode() for n in (1, 2)]

        assert ["ann@" in page for page in pages] == [False, True]
        assert ["zoe@" in page for page in pages] == [True, False]

    def test_other_schools_see_nothing_and_lift_nothing(self, client, student, teacher):
        approved_application(teacher, student)
        one, other = gone(), StudentFactory().school
        log_in(client, registrar_of(other))

        assert (
            "bob@example.com" not in client.get(reverse("binding:gone-addresses", args=[other.slug])).content.decode()
        )
        assert client.get(reverse("binding:gone-addresses", args=[student.school.slug])).status_code == 404
        for school in (other, student.school):
            again = client.post(reverse("binding:gone-address-again", args=[school.slug, one.pk]))
            assert again.status_code == 404
        assert GoneAddress.objects.exists()

    def test_an_address_is_tried_again_and_that_is_an_event(self, client, student, teacher, registrar):
        approved_application(teacher, student)
        one = gone()

        client.post(reverse("binding:gone-address-again", args=[student.school.slug, one.pk]))

        assert not GoneAddress.objects.exists()
        assert Event.objects.about(one).get().event == "address.tried_again"
        assert list_unreached(student.school) == []
        assert try_again(gone=one, by=registrar) is False

    def test_the_desk_counts_them(self, client, student, teacher, registrar):
        approved_application(teacher, student)
        gone()

        page = client.get(reverse("review:home", args=[student.school.slug])).content.decode()

        assert "信箱退信" in page
