"""The synthetic city is valid, the same for the same seed, and made for development alone."""

from io import StringIO
from types import SimpleNamespace

import pytest
from django.contrib.auth.hashers import make_password
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.models import SSOAccount, User
from billing.bills.codes import numbers_for, store_codes
from billing.bills.models import Bill
from billing.payments.models import Settlement
from binding.models import Applicant, Application, Binding, CorrectionRequest
from config.management.commands.make_city import PASSWORD
from config.synthetic_city import tables
from config.synthetic_city.city import copy_schools, make_patterns
from config.synthetic_city.copying import Copy, Table, check_rules
from config.synthetic_city.people import People, other_name
from config.synthetic_city.school import roster
from consent.models import ConsentText
from core import crypto
from core.identity import kind_of
from notifications.models import Message
from registry.models import Guardian, School, SchoolClass, Student
from review.census.lines import SchoolCensus
from review.models import PaperForm
from tests.accounts.factories import log_in, with_captcha
from tests.registry.factories import SchoolFactory

pytestmark = pytest.mark.django_db


def make(**options):
    few = {"schools": 3, "students": 96, "patterns": 1, "class_size": 8, "families": 24, "processes": 1}
    call_command("make_city", "--outside-development", stdout=StringIO(), **{**few, **options})


def test_people_have_valid_numbers_and_come_again_with_their_seed():
    people = People(7)
    numbers = [people.identity_number() for _ in range(500)]

    again = People(7)
    assert numbers == [again.identity_number() for _ in range(500)]
    assert all(kind_of(number) for number in numbers)
    assert len(set(numbers)) == 500
    assert {kind_of(number) for number in numbers} == {"national", "resident"}


def test_a_name_becomes_another_one_the_same_each_time():
    assert other_name("王品妤", 3) == other_name("王品妤", 3) != "王品妤"
    assert len(other_name("王品妤", 3)) == 3
    assert other_name("Tran Van Minh", 3) == "Tran Van Minh"


def test_the_same_seed_makes_the_same_roster():
    school = SchoolFactory()
    sizes = {"students": 30, "class_size": 10, "grades": 3}

    first, again, other = (roster(school, People(seed), **sizes) for seed in (3, 3, 4))

    assert first == again
    assert first != other


def test_families_are_at_every_stage_and_bills_at_every_state():
    make(schools=1, students=32)

    assert SchoolClass.objects.count() == 4
    assert Guardian.objects.count() == 32
    assert all(one.homeroom for one in SchoolClass.objects.all())
    assert set(Application.objects.values_list("status", flat=True)) == {"draft", "submitted", "decided"}
    reviews = set(Applicant.objects.values_list("review", flat=True))
    assert reviews == {"pending", "approved", "returned", "rejected"}
    assert set(Binding.objects.values_list("state", flat=True)) == {"active", "ended"}
    assert set(SSOAccount.objects.values_list("state", flat=True)) == {"initial", "active"}
    assert CorrectionRequest.objects.exists()
    assert PaperForm.objects.exists()
    bills = Bill.objects.values_list("state", flat=True)
    assert set(bills) == {"draft", "issued", "paid", "void", "refund_due", "refunded"}
    assert any(one.is_overdue for one in Bill.objects.all())
    assert not Message.objects.filter(state="queued").exists()


class TestACopy:
    """The second and third school have the rows of the first, which the real steps wrote, under other keys."""

    @pytest.fixture(autouse=True)
    def _city(self):
        sizes = {"students": 32, "class_size": 8, "families": 24}
        (self.pattern,), self.strides = make_patterns(1, seed=1, password=make_password(PASSWORD), note=str, **sizes)
        copy_schools([self.pattern], self.strides, schools=3, processes=1, note=str)
        self.first, self.second, self.third = School.objects.order_by("pk")

    def test_has_every_row_with_what_has_no_rule_unchanged(self):
        for model, (after, up_to) in self.pattern.keys.items():
            far = 2 * self.strides[model]
            pattern, copy = Table(model, after, up_to), Table(model, after + far, up_to + far)

            assert len(copy) == len(pattern), model
            assert model._base_manager.count() == 3 * len(pattern) or model in (User, ConsentText), model
            for field in pattern.fields if len(pattern) else ():
                if field.attname not in pattern.rules:
                    assert copy[field.attname] == pattern[field.attname], field

    def test_says_of_itself_what_the_pattern_says(self):
        totals = [SchoolCensus.of(one).total for one in (self.first, self.second, self.third)]
        call_command("check_ledger", stdout=StringIO())
        bill = Bill.objects.filter(school=self.third, state="issued", title="午餐費")[0]
        paid = Settlement.objects.filter(school=self.third, key__startswith="bank:")[0]

        assert totals[0] == totals[1] == totals[2]
        assert totals[0].bound
        assert (
            numbers_for(bill.agent, int(bill.virtual_account[6:15]), bill.amount, bill.due_on)[1]
            == bill.virtual_account
        )
        assert store_codes(bill).first.endswith(bill.agent.collection_code)
        assert paid.key.split(":")[1:3] == [str(self.third.pk), paid.bill.virtual_account]
        mails = Message.objects.filter(school_id=self.third.pk)
        assert mails.filter(subject__contains=self.third.name).exists()
        assert not mails.filter(text__contains=self.first.name).exists()
        assert SchoolFactory().pk > self.third.pk

    def test_is_of_other_people_whose_numbers_can_be_read(self):
        people, others = (list(Student.objects.filter(school=one)) for one in (self.third, self.first))
        bound = Binding.objects.filter(student__school=self.third).select_related("account__user", "applicant")

        assert all(kind_of(one.identity_number) for one in people)
        assert all(crypto.fingerprint(one.identity_number) == one.identity_fingerprint for one in people)
        assert {one.identity_number for one in people}.isdisjoint(one.identity_number for one in others)
        assert {one.name for one in people}.isdisjoint(one.name for one in others if len(one.name) == 3)
        assert Student.objects.named(people[0].name).filter(pk=people[0].pk).exists()
        assert bound
        for one in bound:
            assert one.account.identity_number == one.applicant.identity_number
            assert one.account.user.username == one.account.user.email == one.applicant.email

    def test_opens_its_doors_and_pages(self, client):
        bound = SSOAccount.objects.filter(bindings__student__school=self.third, bindings__state="active")
        active, initial = bound.filter(state="active")[0], bound.filter(state="initial")[0]
        family = User.objects.filter(school=self.third, kind="family", password=User.UNSET_PASSWORD)[0]
        application = Application.objects.filter(student__school=self.third, evidence__isnull=False)[0]
        registrar = log_in(client, User.objects.get(school=self.third, account="registrar"))
        slug, browser = self.third.slug, Client()

        for account, password in ((active, PASSWORD), (initial, initial.identity_number[-6:])):
            typed = {"account": account.user.email, "password": password}
            assert Client().post(reverse("accounts:sso-login"), typed).status_code == 302
        typed = {"account": family.student.portal_account, "password": family.student.identity_number}
        door = reverse("accounts:login", args=[slug])
        assert browser.post(door, with_captcha(browser, **typed)).status_code == 302
        page = registrar.get(reverse("review:application", args=[slug, application.pk])).content.decode()
        desk = registrar.get(reverse("review:class", args=[slug, application.student.school_class_id])).content.decode()
        assert application.student.name in page
        assert application.student.name in desk
        assert self.first.name not in page + desk
        evidence = reverse("review:evidence-file", args=[slug, application.evidence.get().pk])
        assert registrar.get(evidence).status_code == 200


def test_a_table_that_a_copy_could_not_be_written_to_is_refused(monkeypatch):
    monkeypatch.setattr(tables, "SHARED", tables.SHARED - {"consent.ConsentText"})

    with pytest.raises(CommandError, match=r"consent\.ConsentText: nothing makes \('version',\) new"):
        check_rules()


def test_a_row_of_another_school_is_refused():
    school = SchoolFactory()
    source = SimpleNamespace(number=1, level="", keys={School: (school.pk, school.pk + 1)})

    with pytest.raises(CommandError, match="not of its school"):
        Copy(source, 2, round=1, strides={School: 9}).moved(School, school.pk)


class TestIsRefused:
    def test_outside_development(self):
        with pytest.raises(CommandError, match="for development"):
            call_command("make_city", schools=1)

    def test_where_schools_are(self):
        SchoolFactory()

        with pytest.raises(CommandError, match="schools already"):
            make()

    def test_with_classes_that_are_too_large(self):
        with pytest.raises(CommandError, match="1 to 99"):
            make(class_size=100)

    def test_without_tables(self, monkeypatch):
        monkeypatch.setattr("django.db.connection.introspection.table_names", lambda *_: [])

        with pytest.raises(CommandError, match="migrate first"):
            make()
