"""The registrar uploads a roster, sees what it would change, applies it, leaves it or takes it back."""

import io
from datetime import timedelta
from unittest import mock

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from python_calamine import load_workbook

from audit.models import Event
from config.uploads import BoundedUploadHandler
from registry import tasks
from registry.models import Guardian, RosterImport, RosterRow, SchoolClass, Student, StudentChange
from registry.roster import (
    AlreadyDecided,
    apply_import,
    check_import,
    decide_to_apply,
    import_roster,
    leave_import,
    receive_roster,
)
from tests.accounts.factories import log_in, registrar_of
from tests.binding.factories import confirmed_family
from tests.registry.factories import SchoolFactory, StudentFactory, make_identity
from tests.registry.test_roster import HEADER, counts, errors_of, file_of, row
from tests.support.worker import do_waiting_tasks

pytestmark = pytest.mark.django_db

State = RosterImport.State
GUARDIAN = "監護人1姓名,監護人1關係,監護人1身分證字號,監護人1手機,監護人1電子郵件"


@pytest.fixture
def school():
    return SchoolFactory()


@pytest.fixture
def registrar(client, school):
    user = registrar_of(school)
    log_in(client, user)
    return user


def upload(client, school, data, **more):
    files = {"file": SimpleUploadedFile("名冊.csv", data)} if data is not None else {}
    typed = {"school_year": school.school_year, "takes_new_classes": "on", **files, **more}
    return client.post(reverse("registry:roster-list", args=[school.slug]), typed, follow=True)


def press(client, school, name, kept):
    return client.post(reverse(f"registry:roster-{name}", args=[school.slug, kept.pk]), follow=True)


def look(client, school, kept, show=""):
    address = reverse("registry:roster", args=[school.slug, kept.pk])
    return client.get(address, {"show": show} if show else {}).content.decode()


class TestLooking:
    def test_a_good_file_is_shown_before_it_is_written(self, client, school, registrar):
        import_roster(school=school, data=file_of(row(1), row(2), row(3)))
        moved = row(1, **{"class": "302", "teacher": "t302"})
        data = file_of(moved, row(2, name="王小朋", id=make_identity(77)), row(4))

        upload(client, school, data)

        kept = RosterImport.objects.first()
        changed = look(client, school, kept, "changed")
        assert "王小明</del> → <ins>王小朋" in changed
        assert make_identity(77) not in changed
        assert "301</del> → <ins>302" in look(client, school, kept, "moved")
        assert "10630003" in look(client, school, kept, "missing")
        assert "10630004" in look(client, school, kept, "new")
        assert Student.objects.count() == 3
        assert kept.counts == counts(new=1, moved=1, changed=1, missing=1)

    def test_the_file_goes_when_it_is_checked_and_its_rows_when_they_are_decided(
        self, client, school, registrar, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            upload(client, school, file_of(row(1), row(2)))
        kept = RosterImport.objects.get()
        folder = RosterImport._meta.get_field("file").storage

        assert not kept.file
        assert not [name for name in folder.listdir("rosters")[1] if name.startswith(str(kept.pk))]
        assert RosterRow.objects.count() == 2
        press(client, school, "apply", kept)
        assert RosterRow.objects.count() == 0

    def test_neither_the_waiting_file_nor_a_row_is_readable_at_rest(self, school, registrar):
        kept = receive_roster(school=school, data=file_of(row(1)), name="x.csv", by=registrar)
        with kept.file.open("rb") as stored:
            assert make_identity(1).encode() not in stored.read()

        check_import(kept)

        assert make_identity(1) not in str(RosterRow.objects.values().get())
        assert RosterRow.objects.get().identity_number == make_identity(1)

    @pytest.mark.parametrize("size", [5, 60])
    def test_the_preview_costs_the_same_queries_whatever_the_size(
        self, client, school, registrar, django_assert_max_num_queries, size
    ):
        import_roster(school=school, data=file_of(*[row(n) for n in range(1, size + 1)]))
        upload(client, school, file_of(*[row(n, name="王小朋") for n in range(1, size + 1)]))
        address = reverse("registry:roster", args=[school.slug, RosterImport.objects.first().pk])

        with django_assert_max_num_queries(9):
            response = client.get(address)

        assert response.status_code == 200

    def test_a_class_that_is_not_known_is_asked_about(self, client, school, registrar):
        import_roster(school=school, data=file_of(row(1)))
        typo = file_of(row(1), row(2, **{"class": "3O1"}))

        page = upload(client, school, typo, takes_new_classes="").content.decode()

        assert "沒有 3O1 這個班級" in page
        upload(client, school, typo)
        assert RosterImport.objects.first().state == State.CHECKED


class TestErrors:
    def test_a_bad_file_is_shown_row_by_row_and_nothing_of_it_stays(self, client, school, registrar):
        page = upload(client, school, file_of(row(1, seat="x"), row(2))).content.decode()

        assert "名冊有 1 個地方要修正，沒有寫入任何資料" in page
        assert "座號應該是 1 到 99 的數字" in page
        assert RosterImport.objects.get().state == State.REFUSED
        assert not RosterRow.objects.exists()
        assert not RosterImport.objects.get().file

    def test_a_file_named_after_a_person_is_not_remembered_by_the_number(self, school, registrar):
        kept = receive_roster(school=school, data=b"x", name=f"{make_identity(1)}.csv", by=registrar)

        assert make_identity(1) not in kept.name

    def test_all_errors_can_be_taken_away(self, client, school, registrar):
        upload(client, school, file_of(row(1, seat="x"), row(2, birth="?", name="=1+1")))
        address = reverse("registry:roster-errors", args=[school.slug, RosterImport.objects.get().pk])

        rows = load_workbook(io.BytesIO(client.get(address).content)).get_sheet_by_index(0).to_python()

        assert [line[:4] for line in rows] == [
            ["行", "欄位", "學生", "填的內容"], ["2", "座號", "王小明", "x"], ["3", "姓名", "=1+1", "=1+1"],
            ["3", "出生日期", "=1+1", "?"],
        ]  # fmt: skip

    def test_who_stands_in_a_faulty_line_is_not_told_to_be_missing(self, school):
        import_roster(school=school, data=file_of(row(1), row(2)))

        errors = errors_of(file_of(row(1, birth="?", seat=2), row(2, seat=1)), school)

        assert [error[:2] for error in errors] == [(2, "出生日期")]

    def test_a_student_number_typed_twice_is_one_error_that_names_the_other_line(self, school):
        import_roster(school=school, data=file_of(row(1), row(2, name="李大華", birth="97/06/04")))
        second = {"name": "李大華", "birth": "97/06/04"}

        assert errors_of(file_of(row(1), row(2, number=10630001, **second)), school) == [
            (3, "學號", "和第 2 行的學號重複。")
        ]
        assert errors_of(file_of(row(1, number=10630002), row(2, **second)), school) == [
            (2, "學號", "和第 3 行的學號重複。")
        ]

    def test_a_line_copied_whole_is_one_error(self, school):
        assert errors_of(file_of(row(1), row(2), row(1)), school) == [(4, "學號", "和第 2 行的學號重複。")]

    def test_what_was_typed_and_whose_it_is_stand_beside_the_reason(self, client, school, registrar):
        data = file_of(row(1, name="王小朋", seat="第三號"), row(2, name="李大華", seat=7), row(3, seat=7))

        page = upload(client, school, data).content.decode()

        assert "第三號" in page
        assert "王小朋" in page
        assert RosterImport.objects.get().errors[1] == [4, "座號", "和第 3 行的座號重複。", "7", "王小明"]

    def test_no_id_number_is_shown_however_it_was_typed(self, client, school, registrar):
        bad = "A123456788"
        wrong_place = {"number": "A1 2345 6788", "class": f"x{bad}", "teacher": bad, "name": "A12345678"}
        upload(client, school, file_of(row(1, id=bad), row(2, **wrong_place), row(3, id="A12345")))
        kept = RosterImport.objects.get()
        address = reverse("registry:roster-errors", args=[school.slug, kept.pk])
        told = str(kept.errors) + str(
            load_workbook(io.BytesIO(client.get(address).content)).get_sheet_by_index(0).to_python()
        )

        assert "A1••••••88" in told
        assert not [part for part in ("3456", "2345") if part in told]

    def test_an_unusual_relationship_is_said_and_taken(self, client, school, registrar):
        lines = [f"{row(1)},陳大,叔公祖,,,", f"{row(2)},陳二,祖母,,,"]

        page = upload(client, school, file_of(*lines, header=f"{HEADER},{GUARDIAN}")).content.decode()

        assert "這不是常見的關係" in page
        assert "叔公祖" in page
        kept = RosterImport.objects.get()
        assert (kept.state, len(kept.notices)) == (State.CHECKED, 1)

    def test_words_about_single_students_are_kept_for_a_week(self, client, school, registrar):
        upload(client, school, file_of(row(1, seat="x")))
        RosterImport.objects.update(decided_at=timezone.now() - timedelta(days=8))

        call_command("forget_rosters")

        assert RosterImport.objects.get().errors == []
        assert "已經刪除" in look(client, school, RosterImport.objects.get())

    def test_one_mistake_made_a_thousand_times_is_cut_short(self, client, school, registrar):
        page = upload(client, school, file_of(*[row(n, birth="?") for n in range(1, 1500)]))

        assert "這裡列出前 200 個" in page.content.decode()
        assert len(RosterImport.objects.get().errors) == 1000

    @pytest.mark.parametrize(("data", "words"), [(None, "請選擇名冊檔案"), (b"", "這個檔案是空的")])
    def test_no_file_is_asked_for(self, client, school, registrar, data, words):
        assert words in upload(client, school, data).content.decode()

    def test_a_file_beyond_the_limit_is_refused_and_never_kept_whole(
        self, client, school, registrar, settings
    ):
        settings.ROSTER_MAX_BYTES = settings.ROSTER_AT_ONCE_BYTES = 1000

        upload(client, school, b"x" * 5000)
        do_waiting_tasks()

        assert "檔案超過" in RosterImport.objects.get().errors[0][2]
        assert RosterImport.objects.get().size == 1001


class TestDeciding:
    def test_applying_writes_it_once(self, client, school, registrar):
        upload(client, school, file_of(row(1), row(2)))
        kept = RosterImport.objects.get()

        press(client, school, "apply", kept)
        second = press(client, school, "apply", kept)

        assert "已經處理過了" in second.content.decode()
        assert Student.objects.count() == 2
        assert Event.objects.get(event="roster.imported").actor_label == f"{school.slug}/registrar"

    def test_what_was_done_is_said_with_the_way_to_what_is_left_to_decide(self, client, school, registrar):
        import_roster(school=school, data=file_of(row(1), row(2)))
        upload(client, school, file_of(row(2), row(3)))

        page = press(client, school, "apply", RosterImport.objects.first()).content.decode()

        assert "新增 1 人、轉入 0 人、換班 0 人、更新 0 人，名冊未列 1 人" in page
        assert f'href="{reverse("registry:moves", args=[school.slug])}">處理名冊未列的 1 位學生' in page

    def test_undoing_is_behind_a_look_at_its_effects(self, client, school, registrar):
        upload(client, school, file_of(row(1)))

        page = press(client, school, "apply", RosterImport.objects.get()).content.decode()

        _before, disclosed = page.split("<summary>復原這次匯入</summary>")
        assert "刪除這次新增的 1 位學生" in disclosed.split("</details>")[0]
        assert "確定復原" in disclosed.split("</details>")[0]

    def test_leaving_changes_nothing(self, client, school, registrar):
        upload(client, school, file_of(row(1)))
        kept = RosterImport.objects.get()

        press(client, school, "leave", kept)
        press(client, school, "apply", kept)

        kept.refresh_from_db()
        assert (kept.state, Student.objects.count()) == (State.LEFT, 0)

    def test_what_the_registry_no_longer_allows_is_named_again(self, client, school, registrar):
        upload(client, school, file_of(row(1)))
        StudentFactory(identity_number=make_identity(1))

        page = press(client, school, "apply", RosterImport.objects.get()).content.decode()

        assert "另一所學校" in page
        assert Student.objects.count() == 1

    def test_what_has_changed_since_the_preview_is_written_as_it_is_now(self, school, registrar):
        kept = check_import(receive_roster(school=school, data=file_of(row(1)), name="x", by=registrar))
        import_roster(school=school, data=file_of(row(1, name="王大明")))

        applied = apply_import(decide_to_apply(roster_import=kept, by=registrar))

        assert applied.counts == counts(changed=1)
        assert StudentChange.objects.get(roster_import=applied).old["name"] == "王大明"

    def test_another_schools_import_does_not_exist(self, client, school, registrar):
        stranger = SchoolFactory()
        theirs = receive_roster(school=stranger, data=file_of(row(1)), name="x.csv", by=None)

        for name in ("apply", "leave", "undo"):
            assert press(client, school, name, theirs).status_code == 404
        assert client.get(reverse("registry:roster", args=[school.slug, theirs.pk])).status_code == 404

    def test_an_import_is_decided_once(self, school, registrar):
        kept = check_import(receive_roster(school=school, data=file_of(row(1)), name="x", by=registrar))
        decide_to_apply(roster_import=kept, by=registrar)

        with pytest.raises(AlreadyDecided):
            leave_import(roster_import=kept, by=registrar)
        with pytest.raises(AlreadyDecided):
            decide_to_apply(roster_import=kept, by=registrar)

    def test_rosters_nobody_decides_are_let_go_after_a_week(self, client, school, registrar):
        upload(client, school, file_of(row(1)))
        RosterImport.objects.update(uploaded_at=timezone.now() - timedelta(days=8))

        call_command("forget_rosters")

        assert RosterImport.objects.get().state == State.LEFT
        assert not RosterRow.objects.exists()


class TestWorker:
    @pytest.fixture(autouse=True)
    def everything_waits_for_the_worker(self, settings):
        settings.ROSTER_AT_ONCE_BYTES = 0

    def test_a_large_file_is_checked_and_written_while_nobody_looks(self, client, school, registrar):
        page = upload(client, school, file_of(row(1), row(2)))
        kept = RosterImport.objects.get()
        assert (kept.state, page["Refresh"]) == (State.WAITING, "2")
        assert "正在檢查" in page.content.decode()

        do_waiting_tasks()
        assert "待確認" in look(client, school, kept)
        page = press(client, school, "apply", kept)
        assert "正在寫入學籍" in page.content.decode()
        do_waiting_tasks()

        assert Student.objects.count() == 2
        assert RosterImport.objects.get().state == State.APPLIED

    def test_progress_is_told(self, school, registrar, monkeypatch):
        monkeypatch.setattr("registry.roster.importing.BATCH", 2)
        seen = []
        monkeypatch.setattr(RosterImport, "report", lambda self, **progress: seen.append(progress))
        kept = receive_roster(school=school, data=file_of(*map(row, range(1, 6))), name="x", by=registrar)

        check_import(kept)

        assert [one["rows_done"] for one in seen if "rows_done" in one] == [2, 4, 5]
        assert [one["percent"] for one in seen if "percent" in one] == sorted(
            one["percent"] for one in seen if "percent" in one
        )

    def test_what_goes_wrong_is_said_and_leaves_nothing(self, client, school, registrar, monkeypatch):
        def explode(*args):
            raise RuntimeError(f"no {make_identity(1)} here")

        upload(client, school, file_of(row(1)))
        monkeypatch.setattr("registry.roster.importing.find_conflicts", explode)
        do_waiting_tasks()

        kept = RosterImport.objects.get()
        assert kept.state == State.FAILED
        assert "系統處理這份名冊時發生問題" in look(client, school, kept)
        assert make_identity(1) not in str(kept.errors)
        assert not RosterRow.objects.exists()

    def test_a_task_run_twice_does_nothing_the_second_time(self, client, school, registrar):
        upload(client, school, file_of(row(1)))
        kept = RosterImport.objects.get()
        do_waiting_tasks()

        tasks.work_on(kept.pk, check_import)

        assert RosterRow.objects.count() == 1

    def test_who_comes_back_to_life_after_it_was_given_up_leaves_nothing(self, client, school, registrar):
        upload(client, school, file_of(row(1)))
        kept = RosterImport.objects.get()
        RosterImport.objects.update(state=State.LEFT, decided_at=timezone.now())

        with pytest.raises(AlreadyDecided):
            check_import(kept)

        assert not RosterRow.objects.exists()

    def test_who_died_at_work_is_noticed(self, client, school, registrar):
        upload(client, school, file_of(row(1)))
        RosterImport.objects.update(seen_alive_at=timezone.now() - timedelta(minutes=11))
        kept = RosterImport.objects.get()

        assert "很久沒有進展" in look(client, school, kept)
        press(client, school, "leave", kept)
        assert RosterImport.objects.get().state == State.LEFT


class TestUndoing:
    def test_students_and_values_come_back(self, client, school, registrar):
        import_roster(school=school, data=file_of(row(1), row(2), row(3)))
        before = list(Student.objects.order_by("pk").values("name", "seat_number", "identity_fingerprint"))
        data = file_of(
            row(1, seat=2, id=make_identity(2)),
            row(2, seat=1, id=make_identity(1), name="王小朋"),
            row(4, **{"class": "302", "teacher": "t302"}),
        )
        upload(client, school, data)
        kept = RosterImport.objects.first()
        press(client, school, "apply", kept)
        assert Student.objects.get(student_number="10630003").missing_from == kept

        page = press(client, school, "undo", kept).content.decode()

        assert "已復原" in page
        values = Student.objects.order_by("pk").values("name", "seat_number", "identity_fingerprint")
        assert list(values) == before
        assert not Student.objects.filter(missing_from__isnull=False).exists()
        assert list(SchoolClass.objects.values_list("name", flat=True)) == ["301"]
        assert RosterImport.objects.first().state == State.UNDONE

    def test_the_homeroom_teacher_and_the_guardians_come_back(self, school, registrar):
        header = f"{HEADER},{GUARDIAN}"
        first = f"{row(1)},王父,父親,{make_identity(51)},0912345678,dad@example.com"
        second = f"{row(1, teacher='t9')},王母,母親,,,"
        import_roster(school=school, data=file_of(first, header=header))
        kept = check_import(
            receive_roster(school=school, data=file_of(second, header=header), name="x", by=registrar)
        )
        apply_import(decide_to_apply(roster_import=kept, by=registrar))
        assert Guardian.objects.get().name == "王母"
        assert SchoolClass.objects.get().homeroom.account == "t9"

        from registry.roster import undo_import

        undo_import(roster_import=kept, by=registrar)

        assert (Guardian.objects.get().name, Guardian.objects.get().identity_number) == (
            "王父", make_identity(51),
        )  # fmt: skip
        assert SchoolClass.objects.get().homeroom.account == "t301"

    def test_not_when_a_family_has_begun(self, client, school, registrar):
        upload(client, school, file_of(row(1)))
        kept = RosterImport.objects.get()
        press(client, school, "apply", kept)
        confirmed_family(Student.objects.get())

        assert "已經有家長開始使用系統" in press(client, school, "undo", kept).content.decode()
        assert Student.objects.count() == 1

    def test_not_when_a_family_has_confirmed_what_it_changed(self, client, school, registrar):
        import_roster(school=school, data=file_of(row(1)))
        upload(client, school, file_of(row(1, name="王小朋")))
        kept = RosterImport.objects.first()
        press(client, school, "apply", kept)
        confirmed_family(Student.objects.get())

        assert "已經確認" in look(client, school, kept)
        press(client, school, "undo", kept)
        assert Student.objects.get().name == "王小朋"

    def test_only_the_last_one(self, client, school, registrar):
        for name in ("王小朋", "王大明"):
            upload(client, school, file_of(row(1, name=name)))
            press(client, school, "apply", RosterImport.objects.first())

        page = press(client, school, "undo", RosterImport.objects.last()).content.decode()

        assert "只有最後一份可以復原" in page
        assert Student.objects.get().name == "王大明"


class TestComparing:
    def compare(self, client, school, older, newer):
        place = reverse("registry:roster-compare", args=[school.slug, newer.pk])
        return client.get(place, {"with": older.pk})

    def test_the_net_change_over_several_rosters(self, client, school, registrar):
        for rows in (
            [row(1), row(2)],
            [row(1, name="王小朋"), row(2, seat=7)],
            [row(1, name="王大明"), row(2), row(3)],
        ):
            import_roster(school=school, data=file_of(*rows))
        newest, _middle, oldest = RosterImport.objects.all()
        assert "與較早的名冊比較" in look(client, school, newest)

        page = self.compare(client, school, oldest, newest).content.decode()

        assert "王小明</del> → <ins>王大明" in page
        assert "王小朋" not in page
        assert "改過又改回來" in page
        assert "新增" in page

    @pytest.mark.parametrize("number", ["", "x", "9" * 30, "0"])
    def test_nothing_else_can_be_compared(self, client, school, registrar, number):
        import_roster(school=school, data=file_of(row(1)))
        place = reverse("registry:roster-compare", args=[school.slug, RosterImport.objects.get().pk])

        assert client.get(place, {"with": number}).status_code == 404

    def test_not_with_another_schools(self, client, school, registrar):
        stranger = SchoolFactory()
        import_roster(school=stranger, data=file_of(row(9)))
        import_roster(school=school, data=file_of(row(1)))
        newer, theirs = RosterImport.objects.all()

        assert self.compare(client, school, theirs, newer).status_code == 404

    @pytest.mark.parametrize("size", [3, 60])
    def test_costs_the_same_queries_whatever_the_size(
        self, client, school, registrar, django_assert_max_num_queries, size
    ):
        for name in ("王小明", "王小朋"):
            import_roster(school=school, data=file_of(*[row(n, name=name) for n in range(1, size + 1)]))
        newer, older = RosterImport.objects.all()

        with django_assert_max_num_queries(10):
            assert self.compare(client, school, older, newer).status_code == 200


class TestGuardians:
    header = f"{HEADER},{GUARDIAN}"

    def test_are_kept_encrypted_and_never_drawn(self, client, school, registrar):
        line = f"{row(1)},王父,父親,{make_identity(51).lower()},0912-345-678,Dad@Example.com"
        upload(client, school, file_of(line, header=self.header))
        press(client, school, "apply", RosterImport.objects.get())

        guardian = Guardian.objects.get()
        assert guardian.identity_number == make_identity(51)
        assert (guardian.mobile, guardian.email) == ("0912345678", "dad@example.com")
        assert make_identity(51) not in str(Guardian.objects.values().get())

    def test_the_same_again_changes_nothing(self, school):
        line = f"{row(1)},王父,父親,{make_identity(51)},,"
        import_roster(school=school, data=file_of(line, header=self.header))

        result = import_roster(school=school, data=file_of(line, header=self.header))

        assert result.counts == counts(unchanged=1)

    def test_a_file_without_these_columns_leaves_them(self, school):
        line = f"{row(1)},王父,父親,{make_identity(51)},,"
        import_roster(school=school, data=file_of(line, header=self.header))

        import_roster(school=school, data=file_of(row(1, name="王小朋")))

        assert Guardian.objects.count() == 1

    @pytest.mark.parametrize(
        ("cells", "column"),
        [
            (",父親,,,", "監護人1姓名"),
            ("王父,父親,A123456788,,", "監護人1身分證字號"),
            ("王父,父親,,12345,", "監護人1手機"),
            ("王父,父親,,,nobody", "監護人1電子郵件"),
            (f"{make_identity(51)},,,,", "監護人1姓名"),
        ],
    )
    def test_a_bad_cell_is_named(self, cells, column):
        assert [error[:2] for error in errors_of(file_of(f"{row(1)},{cells}", header=self.header))] == [
            (2, column)
        ]


class TestExport:
    def test_can_be_imported_again_and_changes_nothing(self, client, school, registrar):
        line = f"{row(1)},王父,父親,{make_identity(51)},0912345678,dad@example.com"
        import_roster(school=school, data=file_of(line, header=f"{HEADER},{GUARDIAN}"))

        export = client.post(reverse("registry:roster-export", args=[school.slug])).content

        assert import_roster(school=school, data=export).counts == counts(unchanged=1)
        assert Event.objects.get(event="roster.exported").data == {"students": 1}

    @pytest.mark.parametrize("size", [3, 30])
    def test_costs_the_same_queries_whatever_the_size(
        self, client, school, registrar, django_assert_max_num_queries, size
    ):
        import_roster(school=school, data=file_of(*[row(n) for n in range(1, size + 1)]))

        with django_assert_max_num_queries(12):
            client.post(reverse("registry:roster-export", args=[school.slug]))


class TestPlantedErrors:
    """Three thousand students in a workbook, twelve mistakes of the kinds that people make."""

    PLANTED = {
        10: ("座號", {"seat": "0"}),
        250: ("身分證字號", {"id": "A123456788"}),
        251: ("出生日期", {"birth": "97/02/30"}),
        600: ("姓名", {"name": ""}),
        777: ("學號", {"number": "1063 0001"}),
        1000: ("班級", {"class": ""}),
        1001: ("姓名", {"name": "=cmd|' /C calc'!A0"}),
        1500: ("學號", {"number": "repeated"}),
        1999: ("身分證字號", {"id": "repeated"}),
        2222: ("座號", {"seat": "repeated"}),
        2600: ("導師帳號", {"teacher": "t9999"}),
        2999: ("身分證字號", {"id": "elsewhere"}),
    }

    def line(self, n, **more):
        cells = {
            "class": f"{n // 40 + 1}", "seat": float(n % 40 + 1), "number": 10630000.0 + n, "name": "王小明",
            "id": make_identity(n), "birth": "97/05/03", "teacher": f"t{n // 40 + 1}", **more,
        }  # fmt: skip
        return list(cells.values())

    def workbook(self, changed):
        written = io.BytesIO()
        with xlsxwriter.Workbook(written, {"constant_memory": True, "strings_to_formulas": False}) as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, HEADER.split(","))
            for n in range(3000):
                sheet.write_row(n + 1, 0, self.line(n, **changed.get(n, {})))
        return written.getvalue()

    def test_exactly_these_are_named_and_mended_it_applies_and_again_changes_nothing(self, school, registrar):
        StudentFactory(identity_number=make_identity(2999))
        changed = {n: dict(more) for n, (_column, more) in self.PLANTED.items()}
        changed[1500]["number"] = 10630000.0 + 1499
        changed[1999]["id"] = make_identity(1998)
        changed[2222]["seat"] = float(2221 % 40 + 1)
        del changed[2999]["id"]

        result = import_roster(school=school, data=self.workbook(changed))

        assert [(error.line, error.column) for error in result.errors] == [
            (n + 2, column) for n, (column, _more) in self.PLANTED.items()
        ]
        assert not Student.objects.filter(school=school).exists()

        mended = self.workbook({2999: {"id": make_identity(5000)}})
        assert import_roster(school=school, data=mended).counts == counts(new=3000)
        assert import_roster(school=school, data=mended).counts == counts(unchanged=3000)


class TestBadFiles:
    def test_of_a_huge_upload_only_the_limit_reaches_the_disk(self, client, school, registrar, settings):
        settings.ROSTER_MAX_BYTES = settings.UPLOAD_MAX_BYTES = 4_000_000
        kept = []
        original = BoundedUploadHandler.file_complete
        with mock.patch.object(
            BoundedUploadHandler,
            "file_complete",
            lambda self, size: kept.append(self.kept) or original(self, size),
        ):
            page = upload(client, school, b"x" * 12_000_000).content.decode()

        do_waiting_tasks()
        assert kept == [4_000_001]
        assert "正在檢查" in page
        assert "檔案超過" in RosterImport.objects.get().errors[0][2]

    def test_merged_cells_are_named_by_their_line(self, school):
        written = io.BytesIO()
        with xlsxwriter.Workbook(written) as book:
            sheet = book.add_worksheet()
            sheet.merge_range(0, 0, 0, 6, "臺北市立二代高級中學 學生名冊")
            sheet.write_row(1, 0, HEADER.split(","))
            for n in (1, 2):
                sheet.write_row(n + 1, 1, [n, 10630000 + n, "王小明", make_identity(n), "97/05/03", "t301"])
            sheet.merge_range(2, 0, 3, 0, "301")

        [error] = import_roster(school=school, data=written.getvalue()).errors

        assert (error.line, "合併的儲存格" in error.reason) == (3, True)

    def test_a_banner_above_the_header_is_no_obstacle(self, school):
        data = "臺北市立二代高級中學,,,,,,\n列印日期,115/9/1,,,,,\n".encode() + file_of(row(1))

        assert import_roster(school=school, data=data).counts == counts(new=1)

    def test_a_character_that_cannot_be_read_is_named_by_its_line(self, school):
        data = file_of(row(1), row(2), row(3)).decode().encode("cp950").replace(b"\xa4\xfd", b"\xfa\x40", 2)
        good = file_of(row(1)).decode().encode("cp950")
        assert import_roster(school=school, data=good).errors == []

        [error] = import_roster(school=school, data=data).errors

        assert error.line == 2
        assert "無法辨識的字" in error.reason

    def test_rows_that_slipped_by_one_do_not_give_a_child_to_another_family(self, school):
        people = [row(1, name="王小明", birth="97/05/03"), row(2, name="李大華", birth="97/06/04")]
        import_roster(school=school, data=file_of(*people))
        slipped = [
            row(1, name="李大華", birth="97/06/04", id=make_identity(2)),
            row(2, name="王小明", birth="97/05/03", id=make_identity(1)),
        ]

        result = import_roster(school=school, data=file_of(*slipped))

        assert [error.line for error in result.errors] == [2, 3]
        assert "核對名冊有沒有錯位" in result.errors[0].reason

    def test_numbers_of_two_students_that_were_swapped_can_be_mended(self, school):
        import_roster(school=school, data=file_of(row(1, id=make_identity(2)), row(2, id=make_identity(1))))

        result = import_roster(school=school, data=file_of(row(1), row(2)))

        assert result.counts == counts(changed=2)
        assert Student.objects.get(student_number="10630001").identity_number == make_identity(1)

    def test_who_graduated_elsewhere_can_come(self, school):
        StudentFactory(identity_number=make_identity(1), status="graduated")

        assert import_roster(school=school, data=file_of(row(1))).counts == counts(new=1)

    def test_a_roster_of_the_new_year_takes_the_school_there(self, school, registrar):
        import_roster(school=school, data=file_of(row(1)))
        year = school.school_year
        kept = receive_roster(
            school=school,
            data=file_of(row(1, **{"class": "401"})),
            name="x",
            by=registrar,
            school_year=year + 1,
        )

        apply_import(decide_to_apply(roster_import=check_import(kept), by=registrar))

        student = Student.objects.get()
        school.refresh_from_db()
        assert (school.school_year, student.school_class.school_year) == (year + 1, year + 1)
