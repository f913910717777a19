"""A file that was chosen on a form in which something else was wrong is not chosen again."""

import io
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from billing.bills.models import ChargeTable
from billing.collection.models import CollectionFile
from core.formats import roc_short
from registry.models import RosterImport, WaitingFile
from registry.roles import Role
from registry.waiting_files import MOST
from tests.accounts.factories import log_in, registrar_of, staff
from tests.billing.collection.collection_files import store_file
from tests.billing.money import batch_of, cashier_of
from tests.billing.paper.printed import coded_bill
from tests.registry.factories import SchoolClassFactory, StudentFactory

pytestmark = pytest.mark.django_db
KEY = re.compile(r'name="(\w+)-waits" value="([0-9a-f-]{36})"')


@pytest.fixture
def school_class():
    return SchoolClassFactory(name="301")


@pytest.fixture
def school(school_class):
    return school_class.school


@pytest.fixture
def student(school_class):
    return StudentFactory(school=school_class.school, school_class=school_class, student_number="10630001")


@pytest.fixture
def cashier(school):
    return log_in(Client(), cashier_of(school))


def kept_in(answer):
    """{name of the hidden field: key} of the page."""
    return {f"{field}-waits": key for field, key in KEY.findall(answer.content.decode())}


def uploaded(text="學號,學費\n10630001,500\n", name="收費表.csv"):
    return SimpleUploadedFile(name, text.encode() if isinstance(text, str) else text)


def picture():
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "PNG")
    return SimpleUploadedFile("裁定.png", out.getvalue())


def facts(**changed):
    due_on = roc_short(timezone.localdate() + timedelta(days=20))
    return {"title": "學雜費", "school_year": 115, "semester": 1, "due_on": due_on, **changed}


class TestCharges:
    @pytest.fixture
    def where(self, school):
        return reverse("billing:cashier-batch-upload", args=[school.slug])

    def test_are_kept_after_a_title_that_is_there_already(self, cashier, where, school, student):
        batch_of(school)
        answer = cashier.post(where, {**facts(), "file": uploaded()})
        assert "已保留「收費表.csv」" in answer.content.decode()
        assert b"10630001" not in WaitingFile.objects.get().file.read()

        cashier.post(where, {**facts(again="on"), **kept_in(answer)})

        assert ChargeTable.objects.get().lines
        assert not WaitingFile.objects.exists()

    def test_another_file_is_taken_instead(self, cashier, where, student):
        answer = cashier.post(where, {**facts(title=""), "file": uploaded()})
        cashier.post(where, {**facts(), **kept_in(answer), "file": uploaded("學號,雜費\n10630001,7\n")})

        assert ChargeTable.objects.get().columns[0]["title"] == "雜費"

    def test_that_are_wrong_are_not_kept(self, cashier, where, student):
        answer = cashier.post(where, {**facts(title=""), "file": uploaded("學號,學費\n10630001,一千\n")})

        assert kept_in(answer) == {}
        assert not WaitingFile.objects.exists()

    def test_stay_through_several_tries(self, cashier, where, student):
        answer = cashier.post(where, {**facts(title=""), "file": uploaded()})
        answer = cashier.post(where, {**facts(due_on=""), **kept_in(answer)})
        cashier.post(where, {**facts(), **kept_in(answer)})

        assert ChargeTable.objects.exists()

    def test_are_nobody_elses_and_of_no_other_form(self, cashier, where, school, student):
        answer = cashier.post(where, {**facts(title=""), "file": uploaded()})
        other = log_in(Client(), staff(school, Role.CASHIER, account="other"))

        assert "請選擇檔案" in other.post(where, {**facts(), **kept_in(answer)}).content.decode()
        collections = reverse("billing:cashier-collections", args=[school.slug])
        found = cashier.post(collections, {"profile": "store", **kept_in(answer)})
        assert "請選擇檔案" in found.content.decode()
        assert not ChargeTable.objects.exists()

    @pytest.mark.parametrize("key", ["", "x", "1234", "00000000-0000-4000-8000-000000000000"])
    def test_with_an_unknown_key_are_asked_for(self, cashier, where, student, key):
        assert "請選擇檔案" in cashier.post(where, {**facts(), "file-waits": key}).content.decode()

    def test_are_forgotten_after_a_day(self, cashier, where, student):
        answer = cashier.post(where, {**facts(title=""), "file": uploaded()})
        storage, name = WaitingFile.objects.get().file.storage, WaitingFile.objects.get().file.name
        WaitingFile.objects.update(kept_at=timezone.now() - timedelta(hours=25))

        assert "請選擇檔案" in cashier.post(where, {**facts(), **kept_in(answer)}).content.decode()
        call_command("forget_waiting_files")
        assert not WaitingFile.objects.exists()
        assert isinstance(storage.exists(name), bool)

    def test_of_one_person_are_few(self, cashier, where, student):
        for _try in range(MOST + 2):
            cashier.post(where, {**facts(title=""), "file": uploaded()})

        assert WaitingFile.objects.count() == MOST


def test_a_collection_file_is_kept_when_its_kind_was_wrong(cashier, school, student):
    bill = coded_bill(student)
    where = reverse("billing:cashier-collections", args=[school.slug])
    file = SimpleUploadedFile("代收.txt", store_file([(bill.write_off_number, bill.amount)]))

    answer = cashier.post(where, {"profile": "virtual-account", "file": file})
    assert "已保留「代收.txt」" in answer.content.decode()
    cashier.post(where, {"profile": "store", **kept_in(answer)})

    assert CollectionFile.objects.get().count == 1


def test_a_collection_file_is_kept_without_a_kind(cashier, school, student):
    where = reverse("billing:cashier-collections", args=[school.slug])

    assert kept_in(cashier.post(where, {"file": uploaded()}))


def test_a_roster_is_kept(school, student):
    registrar = log_in(Client(), registrar_of(school))
    where = reverse("registry:roster-list", args=[school.slug])
    year = school.school_year + 1

    answer = registrar.post(where, {"file": uploaded("學號\n1\n"), "school_year": year, "covers": "classes"})
    registrar.post(where, {**kept_in(answer), "school_year": year, "covers": "school"})

    assert RosterImport.objects.get().name == "收費表.csv"


def test_a_paper_of_the_registrar_is_kept_as_it_was_drawn(school, student):
    registrar = log_in(Client(), registrar_of(school))
    where = reverse("binding:custody", args=[school.slug, student.pk])

    answer = registrar.post(where, {"document": picture()})
    assert kept_in(answer)
    assert WaitingFile.objects.get().name == "裁定.png"
