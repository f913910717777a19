"""What a registrar says of a roster that waits: which classes it is about, what its columns mean, a mended file."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from python_calamine import load_workbook

from audit.models import Event
from core.spreadsheets import build_report, read
from core.spreadsheets.writing import Page
from registry.models import KnownTitle, RosterImport, SchoolClass, Student
from registry.roster import Outdated, check_import, decide_to_apply, import_roster, receive_roster, undo_import
from tests.registry.factories import SchoolFactory, make_identity
from tests.registry.roster_files import HEADER, counts, file_of, row
from tests.registry.rosters import look, press, upload
from tests.support.lists import search

pytestmark = pytest.mark.django_db

State = RosterImport.State
TITLES = ["座號", "學號", "姓名", "身分證字號", "出生日期"]


def send(client, school, name, kept, data=None):
    address = reverse(f"registry:roster-{name}", args=[school.slug, kept.pk])
    return client.post(address, data or {}, follow=True)


def class_of(name, first, count, **more):
    return [
        row(n, **{"class": name, "seat": n - first + 1, "teacher": f"t{name}", **more})
        for n in range(first, first + count)
    ]


def cells(n, seat=None):
    return [seat or n, str(10630000 + n), "王小明", make_identity(n), "97/05/03"]


def workbook(*sheets):
    """(bytes) of sheets (name, titles, lines)."""
    return build_report([Page(name, titles, lines, [10] * len(titles)) for name, titles, lines in sheets])


class TestScope:
    @pytest.fixture
    def two_classes(self, school):
        import_roster(school=school, data=file_of(*class_of("301", 1, 12), *class_of("302", 21, 12)))
        return school

    def test_a_file_of_one_class_asks_loudly_before_the_rest_of_the_school_waits(self, client, two_classes, registrar):
        upload(client, two_classes, file_of(*class_of("301", 1, 12)))
        kept = RosterImport.objects.first()

        page = look(client, two_classes, kept)
        assert "超過一成的在學學生不在這份名冊裡" in page
        assert "全校在學 24 人，名冊中沒有其中 12 人（50%）" in page
        assert "302 班在學 12 人，名冊中沒有其中 12 人（100%）" in page
        press(client, two_classes, "apply", kept)
        assert RosterImport.objects.first().state == State.CHECKED
        assert not Student.objects.filter(missing_from__isnull=False).exists()

    def test_of_the_classes_of_the_file_alone_nobody_else_is_missing(self, client, two_classes, registrar):
        upload(client, two_classes, file_of(*class_of("301", 1, 10)), covers="classes")
        kept = RosterImport.objects.first()

        assert kept.counts == counts(unchanged=10, missing=2)
        press(client, two_classes, "apply", kept)
        missing = Student.objects.filter(missing_from=kept)
        assert [one.school_class.name for one in missing.select_related("school_class")] == ["301", "301"]

    def test_it_can_be_chosen_in_the_preview(self, client, two_classes, registrar):
        upload(client, two_classes, file_of(*class_of("301", 1, 12)))
        kept = RosterImport.objects.first()
        assert kept.counts["missing"] == 12

        send(client, two_classes, "covers", kept, {"covers": "classes", "only_classes": ["301"]})

        kept.refresh_from_db()
        assert (kept.state, kept.counts["missing"], kept.questions) == (State.CHECKED, 0, {})
        assert "名冊範圍：301" in look(client, two_classes, kept)

    def test_rows_of_other_classes_than_those_named_are_asked_about(self, client, two_classes, registrar):
        data = file_of(*class_of("301", 1, 12), *class_of("302", 21, 1))

        upload(client, two_classes, data, covers="classes", only_classes=["301"])

        assert list(RosterImport.objects.first().questions) == ["outside"]

    def test_each_class_is_summed_up(self, client, two_classes, registrar):
        rows = [*class_of("301", 1, 11), row(21, **{"class": "301", "seat": 12, "teacher": "t301"}), row(99, seat=13)]
        upload(client, two_classes, file_of(*rows), covers="classes")
        kept = RosterImport.objects.first()

        assert kept.contents["classes"] == [["301", 12, 13, 1, 1, 0, 0, 1], ["302", 12, 0, 0, 0, 1, 0, 0]]
        address = reverse("registry:roster", args=[two_classes.slug, kept.pk])
        table = load_workbook(io.BytesIO(client.get(address, {"c-export": "xlsx"}).content)).get_sheet_by_index(0)
        assert table.to_python()[1][:3] == ["301", 12, 13]

    def test_the_students_of_a_change_narrow_sort_and_go_to_excel(self, client, two_classes, registrar):
        upload(client, two_classes, file_of(*class_of("301", 1, 12)))
        address = reverse("registry:roster", args=[two_classes.slug, RosterImport.objects.first().pk])

        narrowed = client.get(address, {"show": "missing", "class": "302", "sort": "-seat"}).content.decode()
        assert narrowed.index("10630032") < narrowed.index("10630021")
        found = search(client, address, "roster-missing", "10630025", show="missing").content.decode()
        assert "10630025" in found
        assert "10630026" not in found
        file = client.get(address, {"show": "missing", "export": "xlsx"}).content
        lines = load_workbook(io.BytesIO(file)).get_sheet_by_index(0).to_python()
        assert len(lines) == 13
        assert make_identity(21) not in str(lines)

    def test_a_few_are_no_gap(self, two_classes):
        kept = import_roster(school=two_classes, data=file_of(*class_of("301", 1, 12), *class_of("302", 21, 9)))

        assert kept.counts["missing"] == 3

    def test_a_part_of_the_school_takes_nobody_to_the_next_year(self, client, two_classes, registrar):
        year = two_classes.school_year + 1

        page = upload(client, two_classes, file_of(row(1)), covers="classes", school_year=year).content.decode()

        assert "新學年度的名冊要有全校學生" in page
        assert RosterImport.objects.count() == 1


class TestSeats:
    def test_a_leavers_seat_goes_to_a_newcomer_once_it_was_looked_at_and_comes_back(self, client, school, registrar):
        import_roster(school=school, data=file_of(row(1), row(2)))
        before = list(Student.objects.order_by("pk").values("seat_number", "missing_from", "student_number"))
        upload(client, school, file_of(row(2), row(3, seat=1)))
        kept = RosterImport.objects.first()

        page = look(client, school, kept)
        assert "這個座號目前是學號 10630001 的王小明" in page
        press(client, school, "apply", kept)
        assert RosterImport.objects.first().state == State.CHECKED
        send(client, school, "apply", kept, {"answers": ["seat_given"]})

        kept.refresh_from_db()
        leaver = Student.objects.get(student_number="10630001")
        assert (kept.state, kept.counts) == (State.APPLIED, counts(new=1, unchanged=1, missing=1, reseated=1))
        assert Student.objects.get(student_number="10630003").seat_number == 1
        assert (leaver.seat_number, leaver.missing_from) == (3, kept)
        assert "<del>1</del> → <ins>3" in look(client, school, kept, "reseated")
        undo_import(roster_import=kept, by=registrar)
        assert list(Student.objects.order_by("pk").values("seat_number", "missing_from", "student_number")) == before

    def test_a_circle_of_seats_with_a_leaver_in_one_file(self, school):
        import_roster(school=school, data=file_of(row(1), row(2), row(3), row(4)))

        result = import_roster(
            school=school, data=file_of(row(1, seat=2), row(2, seat=3), row(3, seat=4)), confirmed=True
        )

        seats = dict(Student.objects.values_list("student_number", "seat_number"))
        assert seats == {"10630001": 2, "10630002": 3, "10630003": 4, "10630004": 5}
        assert result.counts == counts(changed=3, missing=1, reseated=1)

    def test_who_sits_in_a_class_that_the_roster_is_not_about_waits_for_a_decision_too(self, school):
        import_roster(school=school, data=file_of(row(1), row(2, **{"class": "302", "teacher": "t302"})))
        data = file_of(row(1, **{"class": "302", "seat": 2, "teacher": "t302"}))

        import_roster(school=school, data=data, confirmed=True, covers="classes", only_classes=["301"])

        waits = Student.objects.get(missing_from__isnull=False)
        assert (waits.student_number, waits.seat_number) == ("10630002", 3)

    def test_a_seat_that_was_not_asked_about_is_not_given_away(self, school, registrar):
        import_roster(school=school, data=file_of(row(1)))
        kept = check_import(receive_roster(school=school, data=file_of(row(1), row(2)), name="x", by=registrar))
        newcomer = Student.objects.create(
            school=school, school_class=SchoolClass.objects.get(), seat_number=2, student_number="10639999",
            name="陳大文", birth_on="2008-01-01",
        )  # fmt: skip

        from registry.roster import apply_import

        applied = apply_import(decide_to_apply(roster_import=kept, by=registrar))

        assert applied.state == State.REFUSED
        assert newcomer.student_number in applied.errors[0][2]


class TestNewNumbers:
    def test_the_same_person_under_a_new_number_keeps_everything(self, client, school, registrar):
        import_roster(school=school, data=file_of(row(1), row(2)))
        student = Student.objects.get(student_number="10630001")
        upload(client, school, file_of(row(1, number="11530001"), row(2)))
        kept = RosterImport.objects.first()

        assert "和學號 10630001 的王小明是同一位學生" in look(client, school, kept)
        send(client, school, "apply", kept, {"answers": ["new_number"]})

        student.refresh_from_db()
        kept.refresh_from_db()
        assert (student.student_number, kept.counts) == ("11530001", counts(changed=1, unchanged=1))
        undo_import(roster_import=kept, by=registrar)
        student.refresh_from_db()
        assert student.student_number == "10630001"

    def test_another_name_and_birthday_are_another_person(self, school):
        import_roster(school=school, data=file_of(row(1)))

        [error] = import_roster(
            school=school, data=file_of(row(1, number="11530001", name="李大華", birth="97/06/04"))
        ).errors

        assert "這個證號已登錄在學號 10630001 名下" in error.reason

    def test_one_person_in_two_rows_is_refused(self, school):
        import_roster(school=school, data=file_of(row(1)))

        [error] = import_roster(school=school, data=file_of(row(1, id="無"), row(1, number="11530001", seat=5))).errors

        assert (error.line, error.reason) == (3, "和第 2 列是同一位學生，請留一列。")


class TestColumns:
    FILE = f"班 級,座次,學籍號,學生全名,證件,誕辰,血型\n301,1,10630001,王小明,{make_identity(1)},97/05/03,O\n"
    CHOICE = ["class_name", "seat_number", "student_number", "name", "identity_number", "birth_on", ""]

    def answer(self, choice):
        return {f"column-{number}": column for number, column in enumerate(choice)}

    def test_titles_that_nobody_knows_are_asked_once_and_remembered(self, client, school, registrar):
        page = upload(client, school, self.FILE.encode()).content.decode()
        kept = RosterImport.objects.get()
        assert kept.state == State.COLUMNS
        assert "請先選擇檔案裡每一欄是什麼" in page

        page = client.get(reverse("registry:roster-columns", args=[school.slug, kept.pk])).content.decode()
        assert "王小明" in page
        assert make_identity(1) not in page
        send(client, school, "columns", kept, self.answer(self.CHOICE))

        kept.refresh_from_db()
        assert (kept.state, kept.counts) == (State.CHECKED, counts(new=1))
        upload(client, school, self.FILE.encode())
        assert RosterImport.objects.first().state == State.CHECKED
        assert KnownTitle.objects.get(school=school, title="誕辰").column == "birth_on"

    def test_what_one_school_says_is_nothing_to_another(self, client, school, registrar):
        upload(client, school, self.FILE.encode())
        send(client, school, "columns", RosterImport.objects.get(), self.answer(self.CHOICE))

        assert import_roster(school=SchoolFactory(), data=self.FILE.encode()).errors

    @pytest.mark.parametrize(
        ("place", "column", "words"), [(3, "", "還缺少：姓名"), (6, "name", "只能選一欄"), (6, "nonsense", "")]
    )
    def test_what_is_missing_or_twice_is_named_and_the_choices_stay(
        self, client, school, registrar, place, column, words
    ):
        upload(client, school, self.FILE.encode())
        kept = RosterImport.objects.get()
        choice = [*self.CHOICE]
        choice[place] = column

        page = send(client, school, "columns", kept, self.answer(choice)).content.decode()

        kept.refresh_from_db()
        assert kept.state == State.COLUMNS
        assert words in page
        assert '<option value="birth_on" selected>' in page

    def test_a_title_that_stands_twice_may_mean_two_things(self, client, school, registrar):
        data = f"{HEADER},姓名\n{row(1)},王大明\n".encode()
        upload(client, school, data)
        kept = RosterImport.objects.get()
        assert kept.state == State.COLUMNS

        send(
            client, school, "columns", kept,
            self.answer([*self.CHOICE[:1], "seat_number", "student_number", "name", "identity_number", "birth_on",
                         "homeroom_account", "guardian1_name"]),
        )  # fmt: skip

        kept.refresh_from_db()
        assert kept.state == State.CHECKED
        assert kept.rows.get().guardians[0]["name"] == "王大明"

    def test_the_grade_beside_the_class_makes_the_class(self, school):
        import_roster(school=school, data=file_of(row(1, **{"class": "110", "teacher": "t110"})))
        data = f"年級,班級,{','.join(TITLES)}\n1,10,1,10630001,王小明,{make_identity(1)},97/05/03\n"

        assert import_roster(school=school, data=data.encode()).counts == counts(unchanged=1)

    def test_only_while_it_waits(self, client, school, registrar):
        upload(client, school, file_of(row(1)))
        kept = RosterImport.objects.get()
        send(client, school, "apply", kept, {"answers": ["no_teacher"]})

        page = send(client, school, "columns", kept, {}).content.decode()

        assert "已經處理過了" in page


class TestSheets:
    def test_each_sheet_is_a_class_by_its_name(self, client, school, registrar):
        import_roster(school=school, data=file_of(row(1, **{"class": "110", "teacher": "t110"})))
        data = workbook(
            ("一年十班", TITLES, [cells(1)]), ("111班名冊", TITLES, [cells(2)]), ("說明", ["請填"], [["x"]])
        )

        upload(client, school, data)

        kept = RosterImport.objects.first()
        [(count, places)] = kept.questions.values() if len(kept.questions) == 1 else [kept.questions["sheet_class"]]
        assert count == 2
        assert {place[5] for place in places} == {"一年十班", "111班名冊"}
        assert list(kept.rows.values_list("class_name", flat=True)) == ["110", "111班"]
        assert "「說明」工作表沒有看得懂的標題" in look(client, school, kept)

    def test_a_line_above_the_titles_says_it(self, school):
        data = f"某某國中 115 學年度 一年十班 學生名冊\n{','.join(TITLES)}\n1,10630001,王小明,{make_identity(1)},97/05/03\n"

        result = import_roster(school=school, data=data.encode(), dry_run=True)

        assert {asked.kind for asked in result.questions} == {"sheet_class", "no_teacher"}

    def test_a_sheet_that_nobody_can_tell_is_chosen_or_left_out(self, client, school, registrar):
        upload(client, school, workbook(("工作表1", TITLES, [cells(1)]), ("工作表2", TITLES, [cells(2)])))
        kept = RosterImport.objects.get()
        assert kept.state == State.COLUMNS
        own = {f"column-{place}": column for place, column in enumerate(TestColumns.CHOICE[1:6])}

        send(client, school, "columns", kept, {**own, "class-0": "301", "skip-1": "on"})

        kept.refresh_from_db()
        assert kept.state == State.CHECKED
        assert list(kept.rows.values_list("class_name", "student_number")) == [("301", "10630001")]
        assert "「工作表2」工作表照選定的不讀取" in look(client, school, kept)


class TestMending:
    def test_the_own_file_comes_back_with_the_errors_in_its_cells(self, client, school, registrar):
        lines = [["301", *cells(1)], ["301", "x", *cells(2)[1:]]]
        data = workbook(("甲", ["班級", *TITLES], lines), ("乙", ["班級", *TITLES], [["302", *cells(3)]]))
        upload(client, school, data)
        kept = RosterImport.objects.get()
        assert kept.state == State.REFUSED

        answer = send(client, school, "marked", kept)

        book = load_workbook(io.BytesIO(answer.content))
        assert book.sheet_names == ["甲", "乙"]
        first, second = (book.get_sheet_by_name(name).to_python() for name in book.sheet_names)
        assert first[0] == ["班級", *TITLES, "要修正的原因"]
        assert first[1][:5] == ["301", *cells(1)[:4]]
        assert first[2][6] == "座號：座號應該是 1 到 99 的數字。"
        assert second[1][6] == ""
        assert Event.objects.filter(event="roster.marked_file_taken").exists()

    def test_mended_and_sent_again_it_keeps_what_was_chosen_and_takes_the_formers_place(
        self, client, school, registrar, django_capture_on_commit_callbacks
    ):
        import_roster(school=school, data=file_of(row(1)))
        upload(client, school, file_of(row(1, seat="x")), covers="classes", only_classes=["301"])
        former = RosterImport.objects.first()
        marked = send(client, school, "marked", former).content
        [sheet] = read(marked).sheets
        mended = "\n".join(",".join(cell.replace("x", "7") for cell in cells) for _line, cells in sheet.lines())

        with django_capture_on_commit_callbacks(execute=True):
            send(client, school, "again", former, {"file": SimpleUploadedFile("again.csv", mended.encode())})

        former.refresh_from_db()
        kept = RosterImport.objects.first()
        assert (former.state, bool(former.file)) == (State.LEFT, False)
        assert (kept.state, kept.covers, kept.only_classes) == (State.CHECKED, "classes", ["301"])
        assert kept.contents["left_out"] == []

    def test_marked_twice_the_reasons_stand_in_one_column(self, client, school, registrar):
        upload(client, school, file_of(row(1, seat="x")))
        once = send(client, school, "marked", RosterImport.objects.first()).content
        upload(client, school, once)

        twice = send(client, school, "marked", RosterImport.objects.first()).content

        lines = load_workbook(io.BytesIO(twice)).get_sheet_by_index(0).to_python()
        assert lines[0].count("要修正的原因") == 1
        assert len(lines[0]) == len(HEADER.split(",")) + 1

    def test_the_file_is_kept_for_days_only(
        self, client, school, registrar, settings, django_capture_on_commit_callbacks
    ):
        settings.ROSTER_KEPT_DAYS = 3
        upload(client, school, file_of(row(1, seat="x")))
        RosterImport.objects.update(decided_at=timezone.now() - timedelta(days=4))

        with django_capture_on_commit_callbacks(execute=True):
            call_command("forget_rosters")

        kept = RosterImport.objects.get()
        assert not kept.file
        assert RosterImport._meta.get_field("file").storage.listdir("rosters")[1] == []
        assert "上傳的檔案已經刪除" in send(client, school, "marked", kept).content.decode()


class TestTwoAtOnce:
    def test_a_preview_from_before_another_import_is_compared_again_before_it_is_written(
        self, client, school, registrar
    ):
        import_roster(school=school, data=file_of(row(1)))
        upload(client, school, file_of(row(1, name="王小朋")))
        kept = RosterImport.objects.first()
        import_roster(school=school, data=file_of(row(1), row(2)))
        with pytest.raises(Outdated):
            decide_to_apply(roster_import=kept, by=registrar)
        assert "又有別的名冊匯入或復原" in look(client, school, kept)

        page = press(client, school, "apply", kept).content.decode()

        kept.refresh_from_db()
        assert "已經重新比對，還沒有匯入" in page
        assert (kept.state, kept.counts) == (State.CHECKED, counts(changed=1, missing=1))
        press(client, school, "apply", kept)
        assert Student.objects.get(student_number="10630001").name == "王小朋"

    def test_the_same_file_a_second_time_is_said(self, client, school, registrar):
        upload(client, school, file_of(row(1)))
        assert "完全相同的檔案" not in look(client, school, RosterImport.objects.first())

        upload(client, school, file_of(row(1)))

        assert "之前上傳過完全相同的檔案" in look(client, school, RosterImport.objects.first())

    def test_what_was_ticked_stays_ticked(self, client, school, registrar):
        data = f"{HEADER.removesuffix(',導師帳號')}\n" + row(1, id="無").removesuffix(",t301")
        upload(client, school, data.encode())
        kept = RosterImport.objects.get()

        page = send(client, school, "apply", kept, {"answers": ["no_teacher"]}).content.decode()

        assert 'id="answer-no_teacher" checked' in page
        assert 'id="answer-without_number" required' in page
