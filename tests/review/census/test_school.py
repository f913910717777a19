"""The census of a school: its page, its lists, and what is taken away."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from registry.roles import Role
from review.census.chart import bars_of
from review.census.lines import Line, SchoolCensus, in_words, mismatches_of
from review.census.tallies import Tally
from review.paper_register import mark_paper_form
from tests.accounts.factories import log_in, registrar_of, staff
from tests.binding.factories import sent_application
from tests.registry.factories import SchoolFactory, make_identity
from tests.review.census.city import answer_online, class_of, fill, sent_days_ago, sheets_of, student_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def school():
    return SchoolFactory()


@pytest.fixture
def registrar(school):
    return registrar_of(school)


def address(school, name="census", *args):
    return reverse(f"review:{name}", args=[school.slug, *args])


def words_of(response):
    return response.content.decode()


def mismatch(school_class, by, **fields):
    student = student_of(school_class, **fields)
    answer_online(student, "agreed")
    mark_paper_form(student=student, answer="decline", by=by)
    return student


class TestCensus:
    def test_grades_are_the_sums_of_their_classes(self, school, registrar):
        for name in ("101", "102", "七年一班", "資優班"):
            mismatch(class_of(school, name), registrar)
        class_of(school, "103")

        census = SchoolCensus.of(school)

        assert [(one.name, one.tally.families) for one in census.grades] == [
            ("1 年級", 2), ("7 年級", 1), ("其他班級", 1),
        ]  # fmt: skip
        assert [one.name for one in census.classes] == ["101", "102", "七年一班", "資優班"]
        assert census.total == Tally(families=4, agreed=4, paper_decline=4, mismatches=4)
        assert [chart.title for chart in census.charts] == ["1 年級", "7 年級", "其他班級"]

    def test_a_grade_narrows_the_classes_and_leaves_the_totals(self, school):
        for name in ("101", "201"):
            student_of(class_of(school, name))

        census = SchoolCensus.of(school, grade="2")

        assert [one.name for one in census.classes] == ["201"]
        assert (census.total.families, len(census.grades)) == (2, 2)
        assert SchoolCensus.of(school, grade="9").grade == ""

    def test_order_by_completion_and_by_age(self, school):
        full, none, half = (class_of(school, name) for name in ("101", "102", "103"))
        answer_online(student_of(full), "agreed")
        student_of(none)
        sent_days_ago(sent_application(student_of(half)), 9)
        student_of(half)

        assert [one.name for one in SchoolCensus.of(school, order="share").classes] == ["102", "103", "101"]
        assert [one.name for one in SchoolCensus.of(school, order="waiting").classes] == ["103", "101", "102"]
        assert SchoolCensus.of(school, order="nonsense").order == "name"

    @pytest.mark.parametrize(
        ("tally", "words"),
        [
            (Tally(), "請先匯入本學年度的名冊"),
            (Tally(families=3, agreed=3), "3 個家庭都已回覆意願；沒有申請在等待審核。"),
            (Tally(families=4, agreed=2, paper_only=1), "4 個家庭中，3 個已回覆意願（75%），還有 1 個沒有回覆"),
            (Tally(families=4, agreed=4, mismatches=2), "2 個家庭的紙本與線上不同"),
        ],
    )
    def test_the_state_in_words(self, tally, words):
        assert words in in_words(tally)

    @pytest.mark.parametrize(("days", "words"), [(0, "都是今天送出的"), (8, "最久的已等 8 天")])
    def test_how_long_reviews_wait_in_words(self, days, words):
        since = timezone.localdate() - timedelta(days=days)

        assert f"2 份申請等待審核，{words}。" in in_words(Tally(families=2, agreed=2, waiting=2, waiting_since=since))

    def test_bars_are_as_long_as_their_families(self):
        line = Line("301", Tally(families=8, agreed=4, declined=1, paper_only=1))

        [bar] = bars_of("", [line]).bars

        assert [(one.kind, one.start, one.width) for one in bar.parts] == [
            ("agreed", 0, 50), ("declined", 50, 12.5), ("paper_only", 62.5, 12.5), ("silent", 75, 25),
        ]  # fmt: skip


class TestPage:
    def test_says_it_in_words_bars_and_a_table(self, client, school, registrar):
        fill(school, classes=3, by=registrar)
        log_in(client, registrar)

        shown = words_of(client.get(address(school)))

        assert "6 個家庭中，3 個已回覆意願（50%），還有 3 個沒有回覆；1 個家庭的紙本與線上不同" in shown
        assert '<rect class="chart__part" fill="url(#chart-full)" x="0.0%"' in shown
        assert " style=" not in shown
        assert f"{address(school, 'mismatches')}?class=" in shown

    def test_what_is_downloaded_is_what_is_shown(self, client, school, registrar):
        for name in ("101", "201"):
            student_of(class_of(school, name))
        log_in(client, registrar)

        shown = words_of(client.get(address(school), {"grade": 2, "order": "share"}))

        assert f'action="{address(school, "census-export", "pdf")}?grade=2&amp;order=share"' in shown
        assert shown.count('class="chart__name"') == 1

    @pytest.mark.parametrize("classes", [3, 60])
    def test_costs_fifteen_queries_at_most_whatever_the_school(
        self, client, school, registrar, django_assert_max_num_queries, classes
    ):
        fill(school, classes=classes, by=registrar)
        log_in(client, registrar)

        with django_assert_max_num_queries(12):
            response = client.get(address(school))

        assert len(response.context["census"].classes) == classes

    def test_before_the_first_roster(self, client, school, registrar):
        log_in(client, registrar)

        shown = words_of(client.get(address(school)))

        assert "還沒有可以統計的學生" in shown
        assert "下載" not in shown

    def test_the_principal_comes_straight_to_it(self, client, school):
        log_in(client, staff(school, Role.PRINCIPAL, account="principal"))

        response = client.get(reverse("accounts:staff-home", args=[school.slug]))

        assert response.url == address(school)

    def test_a_class_named_like_markup_is_text(self, client, school, registrar):
        student_of(class_of(school, "<b>1&2"))
        log_in(client, registrar)

        shown = words_of(client.get(address(school)))

        assert "&lt;b&gt;1&amp;2" in shown
        assert "<b>1" not in shown


class TestMismatches:
    def test_lists_whose_paper_differs_in_seating_order(self, school, registrar):
        school_class = class_of(school, "301")
        late, early = (mismatch(school_class, registrar, seat_number=seat) for seat in (9, 3))
        student_of(school_class, seat_number=1)

        assert list(mismatches_of(school)) == [early, late]

    def test_the_registrar_is_led_to_what_can_be_reviewed(self, client, school, registrar):
        school_class = class_of(school, "301")
        sent = sent_application(student_of(school_class, name="已送出"))
        mark_paper_form(student=sent.student, answer="decline", by=registrar)
        mismatch(school_class, registrar, name="沒有申請")
        log_in(client, registrar)

        shown = words_of(client.get(address(school, "mismatches")))

        assert address(school, "application", sent.pk) in shown
        assert f"{address(school, 'class', school_class.pk)}#seat-" in shown

    def test_the_principal_sees_masked_names_and_no_way_in(self, client, school, registrar):
        school_class = class_of(school, "301")
        mismatch(school_class, registrar, name="尹書妍")
        log_in(client, staff(school, Role.PRINCIPAL, account="principal"))

        shown = words_of(client.get(address(school, "mismatches")))

        assert "尹〇妍" in shown
        assert "尹書妍" not in shown
        assert "/review/classes/" not in shown

    def test_of_one_class(self, client, school, registrar):
        wanted, other = class_of(school, "301"), class_of(school, "302")
        mismatch(wanted, registrar, name="甲")
        mismatch(other, registrar, name="乙")
        log_in(client, registrar)

        response = client.get(address(school, "mismatches"), {"class": wanted.pk})

        assert [student.name for student in response.context["listing"].shown] == ["甲"]

    @pytest.mark.parametrize("key", ["x", "9" * 30, "²", "0"])
    def test_of_a_class_that_is_none_says_so_and_lists_all(self, client, school, registrar, key):
        mismatch(class_of(school, "301"), registrar, name="甲")
        log_in(client, registrar)

        shown = words_of(client.get(address(school, "mismatches"), {"class": key}))

        assert "「班級」沒有這個選項" in shown
        assert "甲" in shown

    def test_of_another_schools_class_is_none(self, client, school, registrar):
        strange = class_of(SchoolFactory(), "301")
        mismatch(strange, registrar, name="別校的學生")
        log_in(client, registrar)

        shown = words_of(client.get(address(school, "mismatches"), {"class": strange.pk}))

        assert "「班級」沒有這個選項" in shown
        assert "別校的學生" not in shown

    @pytest.mark.parametrize("count", [2, 60])
    def test_page_costs_the_same_whatever_the_list(
        self, client, school, registrar, django_assert_max_num_queries, count
    ):
        school_class = class_of(school, "301")
        for seat in range(1, count + 1):
            mismatch(school_class, registrar, seat_number=seat)
        log_in(client, registrar)

        with django_assert_max_num_queries(8):
            response = client.get(address(school, "mismatches"))

        assert len(response.context["listing"].shown) == min(count, 50)


class TestExport:
    def take(self, client, school, form, **query):
        params = "&".join(f"{key}={value}" for key, value in query.items())
        return client.post(f"{address(school, 'census-export', form)}?{params}")

    def test_workbook_holds_numbers_and_texts_that_are_no_formulas(self, client, school, registrar):
        for name in ("=1+1", "+A1", "@x", "-2"):
            mismatch(class_of(school, name), registrar)
        log_in(client, registrar)

        response = self.take(client, school, "xlsx")
        sheets = sheets_of(response)

        assert list(sheets) == ["各年級", "各班"]
        head, *lines = sheets["各班"]
        assert [line[0] for line in lines] == ["+A1", "-2", "=1+1", "@x"]
        assert head[:5] == ["班級", "已回覆（%）", "家庭", "線上同意", "線上無意參加"]
        assert lines[0][1:5] == [1.0, 1.0, 1.0, 0.0]
        assert response["Content-Disposition"].startswith("attachment")

    def test_workbook_cells_are_never_formulas(self, client, school, registrar):
        """In the file itself: a formula would be an <f> element of the sheet."""
        student_of(class_of(school, "=1+1"))
        log_in(client, registrar)

        archive = zipfile.ZipFile(io.BytesIO(self.take(client, school, "xlsx").content))

        sheets = [archive.read(name) for name in archive.namelist() if "worksheets/sheet" in name]
        assert len(sheets) == 2
        assert not any(b"<f>" in sheet for sheet in sheets)
        assert any(b"=1+1" in archive.read(name) for name in archive.namelist())

    def test_pdf_says_what_the_page_says(self, client, school, registrar):
        fill(school, classes=3, by=registrar)
        log_in(client, registrar)

        text = text_of(self.take(client, school, "pdf"))

        assert school.name in text
        assert f"{school.school_year}學年度親子綁定統計" in text
        assert "6個家庭中，3個已回覆意願（50%），還有3個沒有回覆；1個家庭的紙本與線上不同" in text
        assert "線上無意參加" in text
        assert "10150%1/2" in text

    def test_pdf_of_names_that_would_be_markup_for_the_typesetter(self, client, school, registrar):
        for name in ("#panic()", "$x$ *a*", "=1+1", '"\\'):
            student_of(class_of(school, name))
        log_in(client, registrar)

        text = text_of(self.take(client, school, "pdf"))

        assert all(name in text for name in ("#panic()", "$x$*a*", "=1+1", '"\\'))

    def test_grade_and_order_of_the_page_are_kept(self, client, school, registrar):
        for name in ("101", "201", "202"):
            student_of(class_of(school, name))
        answer_online(student_of(class_of(school, "203")), "agreed")
        log_in(client, registrar)

        lines = sheets_of(self.take(client, school, "xlsx", grade=2, order="share"))["各班"]

        assert [line[0] for line in lines[1:]] == ["201", "202", "203"]

    @pytest.mark.parametrize("form", ["xlsx", "pdf"])
    def test_taking_it_away_is_an_event(self, client, school, form):
        student_of(class_of(school, "301"))
        principal = log_in(client, staff(school, Role.PRINCIPAL, account="principal")) and school.users.get()

        self.take(client, school, form)

        event = Event.objects.get(event="census.exported")
        assert (event.actor_id, event.school_id, event.target_id) == (principal.pk, school.pk, str(school.pk))
        assert event.data == {"form": form, "families": 1}

    @pytest.mark.parametrize("form", ["xlsx", "pdf"])
    def test_of_a_school_without_a_roster(self, client, school, registrar, form):
        log_in(client, registrar)

        assert self.take(client, school, form).status_code == 200

    def test_other_kinds_of_file_do_not_exist(self, client, school, registrar):
        log_in(client, registrar)

        assert self.take(client, school, "exe").status_code == 404
        assert not Event.objects.filter(event="census.exported").exists()

    @pytest.mark.parametrize("role", [Role.HOMEROOM_TEACHER, Role.CASHIER, Role.HELPDESK])
    def test_other_roles_take_nothing(self, client, school, role):
        log_in(client, staff(school, role))

        assert self.take(client, school, "xlsx").status_code == 404
        assert client.get(address(school)).status_code == 404


def test_the_principal_changes_nothing(client, school):
    """No address that answers POST is open to the role but the exports."""
    school_class = class_of(school, "301")
    application = sent_application(student_of(school_class), people={1: {"identity_number": make_identity(5)}})
    log_in(client, staff(school, Role.PRINCIPAL, account="principal"))

    mark = reverse("review:paper-form-mark", args=[school.slug, application.student_id])

    assert client.post(mark, {"answer": "agree"}).status_code == 404
    assert client.get(address(school, "application", application.pk)).status_code == 404
