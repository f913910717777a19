"""Reminder slips as they come out of the printer, a class at once and a school by the worker."""

import io
import zipfile

import pytest
import zxingcpp
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from audit.models import Event
from core.printing import batches
from registry.models import School
from review.reminders import printing, slips
from review.reminders.models import ReminderSlipBatch
from tests.accounts.factories import log_in, registrar_of, teacher_of
from tests.binding.factories import answered_family, sent_application
from tests.registry.factories import SchoolClassFactory
from tests.review.factories import class_before_deadline, days_ahead, finished_slips, student_in
from tests.support.printed import LONG_SCHOOL, flat, pages_of, text_of
from tests.support.worker import do_waiting_tasks

pytestmark = pytest.mark.django_db

ALL, UNREACHABLE = ReminderSlipBatch.Who.ALL, ReminderSlipBatch.Who.UNREACHABLE


@pytest.fixture
def school_class():
    return class_before_deadline(14, name="301", school__slug="erdai", school__name="臺北市立二代高級中學")


@pytest.fixture
def school(school_class):
    return school_class.school


@pytest.fixture
def registrar(school):
    return registrar_of(school)


def name_of(seat):
    return "甲乙丙丁戊己庚辛壬"[seat - 1] * 3


def pdf_of(school, who=ALL):
    return slips.set_slips(slips.facts_of(slips.families_to_print(school, who), school))


def scan(school, page=0):
    facts = slips.facts_of(slips.families_to_print(school, ALL), school)
    pictures = slips.set_slips(facts, format="png", ppi=200)
    picture = (pictures if isinstance(pictures, list) else [pictures])[page]
    return [one.text for one in zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))]


class TestSheet:
    def test_says_whose_it_is_what_is_left_and_how_to_log_in(self, school, school_class):
        student = student_in(school_class, seat_number=8, student_number="10630008")
        answered = student_in(school_class, seat_number=9, name="王小明")
        answered_family(answered)
        deadline = school.binding_deadline

        words = flat(text_of(pdf_of(school)))

        for expected in [
            "臺北市立二代高級中學", "親子綁定提醒單", "301", "尹書妍", "王小明", "確認學生相關資訊",
            "申辦親子帳號：填寫申請人資料", "P10630008", "/erdai/", "分機255、256",
            f"請在民國{deadline.year - 1911}年{deadline.month}月{deadline.day}日以前完成",
        ]:  # fmt: skip
            assert expected in words
        assert student.identity_number not in words
        assert student.identity_number[-6:] not in words

    def test_each_code_opens_the_log_in_of_its_own_account(self, school, school_class, settings):
        settings.SITE_URL = "https://binding.tp.edu.tw"
        for n in range(4):
            student_in(school_class, seat_number=n + 1, student_number=f"1063000{n}")

        assert sorted(scan(school)) == [f"https://binding.tp.edu.tw/erdai/login/?account=P1063000{n}" for n in range(4)]

    @pytest.mark.parametrize(("students", "pages"), [(1, 1), (4, 1), (5, 2), (9, 3)])
    def test_four_a_page_in_seating_order(self, school, school_class, students, pages):
        for seat in range(students, 0, -1):
            student_in(school_class, seat_number=seat, name=name_of(seat), student_number=f"9{seat}")

        pdf = pdf_of(school)

        words = flat(text_of(pdf, "-raw"))
        places = [words.index(name_of(seat)) for seat in range(1, students + 1)]
        assert pages_of(pdf) == pages
        assert places == sorted(places)

    @pytest.mark.parametrize("name", ["黃堃喆犇" * 14, "Nguyễn Thị Hoàng Phương Thảo Maria Josephine van der Bergen"])
    def test_the_longest_words_stay_on_their_slip(self, settings, name):
        settings.SITE_URL = "https://parent-child-binding.department-of-education.taipei.gov.tw"
        school_class = class_before_deadline(
            14, name="綜合高中三年忠班甲乙", **{f"school__{key}": value for key, value in LONG_SCHOOL.items()}
        )
        for n in range(4):
            student = student_in(school_class, name=name, student_number=f"A123456789012345678{n}")
            answered_family(student)
            student.name += "1"
            student.save()

        pdf = pdf_of(school_class.school)

        assert pages_of(pdf) == 1
        assert flat(text_of(pdf, "-raw")).replace("\u200b", "").count(flat(name)) == 4
        assert len(scan(school_class.school)) == 4
        assert flat(text_of(pdf)).count("登入問題請洽") == 4

    def test_leaves_a_box_for_what_the_font_does_not_have(self, school, school_class):
        student_in(school_class, name="陳𠮷安")

        assert "陳安" in flat(text_of(pdf_of(school)))

    @pytest.mark.parametrize("words", ['#panic("x")', "*_`$\\", "<b>“\"'{}[]", "{account}"])
    def test_a_name_is_only_ever_a_name(self, school, school_class, words):
        School.objects.update(name=words)
        school.refresh_from_db()
        student_in(school_class, name=words)

        assert flat(text_of(pdf_of(school))).count(flat(words)) == 2

    @pytest.mark.parametrize("days", [None, -1])
    def test_without_a_deadline_ahead_asks_to_be_quick(self, school, school_class, days):
        school.binding_deadline = None if days is None else days_ahead(days)
        school.save()
        student_in(school_class)

        assert "請儘快完成" in flat(text_of(pdf_of(school)))


class TestWho:
    def test_families_without_an_address_or_all_who_are_not_done(self, school, school_class):
        without, mailed = student_in(school_class), student_in(school_class, "bob@example.com")
        sent_application(student_in(school_class))
        student_in(school_class, status="left")

        assert [one.student for one in slips.families_to_print(school, UNREACHABLE)] == [without]
        assert [one.student for one in slips.families_to_print(school, ALL)] == [without, mailed]


class TestOneClass:
    def get(self, client, school_class, query=""):
        return client.get(reverse("review:class-slips", args=[school_class.school.slug, school_class.pk]) + query)

    def test_its_homeroom_teacher_downloads_it(self, client, school_class):
        log_in(client, teacher_of(school_class))
        student_in(school_class)
        student_in(school_class, "bob@example.com", name="李小華")
        student_in(SchoolClassFactory(school=school_class.school), name="別班生")

        response = self.get(client, school_class)

        assert response["Content-Type"] == "application/pdf"
        assert response["Content-Disposition"].endswith("-301.pdf")
        assert response["Cache-Control"] == "private, no-store"
        words = text_of(response.content)
        assert "尹書妍" in words
        assert "李小華" not in words
        assert "別班生" not in words
        assert Event.objects.get(event="slips.printed").data == {"class": "301", "slips": 1, "who": "unreachable"}
        assert "李小華" in text_of(self.get(client, school_class, "?who=all").content)

    def test_nobody_to_print_for_is_said_on_the_board(self, client, school_class):
        log_in(client, teacher_of(school_class))

        response = self.get(client, school_class)

        assert response.url == reverse("review:class", args=[school_class.school.slug, school_class.pk])
        assert "沒有需要印提醒單的家庭" in client.get(response.url).content.decode()

    def test_an_unknown_choice_is_no_page(self, client, school_class):
        log_in(client, teacher_of(school_class))

        assert self.get(client, school_class, "?who=x").status_code == 404

    @pytest.mark.parametrize("size", [2, 20])
    def test_costs_the_same_queries_whatever_the_size(self, client, school_class, django_assert_max_num_queries, size):
        log_in(client, teacher_of(school_class))
        for _n in range(size):
            student_in(school_class)

        with django_assert_max_num_queries(18):
            assert self.get(client, school_class).status_code == 200

    def test_is_chinese_whoever_prints_it(self, client, school_class):
        log_in(client, teacher_of(school_class))
        student_in(school_class)
        client.post(reverse("set_language"), {"language": "en"})

        words = flat(text_of(self.get(client, school_class).content))

        assert f"民國{days_ahead(14).year - 1911}年" in words
        assert "確認學生相關資訊" in words


class TestWholeSchool:
    def make(self, client, school, **typed):
        return client.post(reverse("review:slips-make", args=[school.slug]), typed)

    def open(self, client, batch, name="slips"):
        return client.get(reverse(f"review:{name}", args=[batch.school.slug, batch.pk]))

    @pytest.mark.django_db(transaction=True)
    def test_goes_to_the_worker_and_comes_back_as_a_zip(self, client, school, school_class, registrar):
        log_in(client, registrar)
        student_in(school_class)
        student_in(SchoolClassFactory(school=school, name="302"), name="李小華")

        waiting = client.get(self.make(client, school, who="all").url)
        do_waiting_tasks()
        batch = ReminderSlipBatch.objects.get()

        assert waiting.context["watch"] == 3
        assert "下載（ZIP" in self.open(client, batch).content.decode()
        with zipfile.ZipFile(io.BytesIO(self.open(client, batch, "slips-file").content)) as archive:
            assert archive.namelist() == ["提醒單-301.pdf", "提醒單-302.pdf"]
            assert "李小華" in text_of(archive.read("提醒單-302.pdf"))
        with batch.file.open("rb") as stored:
            assert "尹書妍".encode() not in stored.read(), "encrypted at rest"

    def test_who_finished_meanwhile_is_left_out(self, school, school_class, registrar):
        done, _left = student_in(school_class), student_in(school_class)
        batch = printing.request_batch(school=school, who=ALL, by=registrar)
        answered_family(done, answer="declined")
        printing.set_batch.func(batch.pk)

        batch.refresh_from_db()
        assert (batch.state, batch.done, batch.total) == ("ready", 1, 1)

    @pytest.mark.parametrize(("typed", "words"), [({"who": "x"}, "請選擇要印給誰"), ({"who": "all"}, "沒有需要印")])
    def test_says_why_nothing_is_made(self, client, school, school_class, registrar, typed, words):
        log_in(client, registrar)

        page = client.get(self.make(client, school, **typed).url).content.decode()

        assert words in page
        assert not ReminderSlipBatch.objects.exists()

    def test_the_same_wish_twice_is_one_batch(self, school, school_class, registrar):
        student_in(school_class)

        first, second = (printing.request_batch(school=school, who=ALL, by=registrar) for _twice in range(2))

        assert first == second

    def test_one_that_failed_is_started_again(self, client, school, school_class, registrar, monkeypatch):
        log_in(client, registrar)
        student_in(school_class)
        monkeypatch.setattr(slips, "set_slips", lambda facts: 1 / 0)
        batch = finished_slips(school, by=registrar)
        assert "沒有完成" in self.open(client, batch).content.decode()
        monkeypatch.undo()

        for _twice in range(2):
            client.post(reverse("review:slips-again", args=[school.slug, batch.pk]))
        printing.set_batch.func(batch.pk)

        batch.refresh_from_db()
        assert batch.state == "ready"

    def test_another_schools_batch_does_not_exist(self, client, school, school_class, registrar):
        student_in(school_class)
        batch = finished_slips(school, by=registrar)
        stranger = registrar_of(SchoolClassFactory().school)
        log_in(client, stranger)

        address = reverse("review:slips-file", args=[stranger.school.slug, batch.pk])
        assert client.get(address).status_code == 404

    def test_files_go_after_a_day(self, client, school, school_class, registrar):
        student_in(school_class)
        batch = finished_slips(school, by=registrar)
        ReminderSlipBatch.objects.update(finished_at=timezone.now() - timezone.timedelta(days=2))

        call_command("remove_printed_files")

        batch.refresh_from_db()
        assert not batch.file
        assert not batches.sweep(ReminderSlipBatch.objects.all())
