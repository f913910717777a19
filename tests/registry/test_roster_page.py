"""The registrar uploads a roster, sees what it would change, and applies it or leaves it."""

import io
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from python_calamine import load_workbook

from audit.models import Event
from registry import tasks
from registry.models import RosterImport, RosterRow, Student, StudentChange
from registry.roster import (
    AlreadyDecided,
    apply_import,
    check_import,
    decide_to_apply,
    import_roster,
    leave_import,
    receive_roster,
)
from registry.students import correct_student
from tests.registry.factories import SchoolFactory, StudentFactory, make_identity
from tests.registry.roster_files import HEADER, counts, errors_of, file_of, row
from tests.registry.rosters import GUARDIAN, look, press, upload
from tests.support.worker import do_waiting_tasks

pytestmark = pytest.mark.django_db

State = RosterImport.State


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

    def test_file_and_rows_go_when_they_are_decided(
        self, client, school, registrar, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            upload(client, school, file_of(row(1), row(2)))
        kept = RosterImport.objects.get()
        folder = RosterImport._meta.get_field("file").storage

        assert folder.listdir("rosters")[1] == [kept.file.name.removeprefix("rosters/")]
        assert RosterRow.objects.count() == 2
        with django_capture_on_commit_callbacks(execute=True):
            press(client, school, "apply", kept)
        assert RosterRow.objects.count() == 0
        assert not RosterImport.objects.get().file
        assert folder.listdir("rosters")[1] == []

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

        with django_assert_max_num_queries(8):
            response = client.get(address)

        assert response.status_code == 200

    def test_a_class_that_is_not_known_is_asked_about(self, client, school, registrar):
        import_roster(school=school, data=file_of(row(1)))
        typo = file_of(row(1), row(2, **{"class": "3O1"}))

        page = upload(client, school, typo, takes_new_classes="").content.decode()

        assert "沒有 3O1 這個班級" in page
        upload(client, school, typo)
        assert RosterImport.objects.first().state == State.CHECKED

    def test_a_class_of_the_school_written_otherwise_is_named(self, client, school, registrar):
        import_roster(school=school, data=file_of(row(1, **{"class": "101"})))

        other = file_of(row(1, **{"class": "高一1班"}), row(2, **{"class": "高二5班"}))
        page = upload(client, school, other, takes_new_classes="").content.decode()

        assert "沒有 高一1班 這個班級，可能就是本校的 101 班；若是，請改成同樣的名稱再上傳。" in page
        assert "沒有 高二5班 這個班級。若是新增的班級" in page


class TestErrors:
    def test_a_bad_file_is_shown_row_by_row_and_nothing_of_it_stays(self, client, school, registrar):
        page = upload(client, school, file_of(row(1, seat="x"), row(2))).content.decode()

        assert "名冊有 1 個地方要修正，沒有寫入任何資料" in page
        assert "座號應該是 1 到 99 的數字" in page
        assert RosterImport.objects.get().state == State.REFUSED
        assert not RosterRow.objects.exists()

    def test_a_file_named_after_a_person_is_not_remembered_by_the_number(self, school, registrar):
        kept = receive_roster(school=school, data=b"x", name=f"{make_identity(1)}.csv", by=registrar)

        assert make_identity(1) not in kept.name

    def test_all_errors_can_be_taken_away(self, client, school, registrar):
        upload(client, school, file_of(row(1, seat="x"), row(2, birth="?", name="=1+1")))
        address = reverse("registry:roster-errors", args=[school.slug, RosterImport.objects.get().pk])

        rows = load_workbook(io.BytesIO(client.get(address).content)).get_sheet_by_index(0).to_python()

        assert [line[:4] for line in rows] == [
            ["列", "欄位", "學生", "填的內容"], ["2", "座號", "王小明", "x"], ["3", "姓名", "=1+1", "=1+1"],
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
            (3, "學號", "和第 2 列的學號重複。")
        ]
        assert errors_of(file_of(row(1, number=10630002), row(2, **second)), school) == [
            (2, "學號", "和第 3 列的學號重複。")
        ]

    def test_a_line_copied_whole_is_one_error(self, school):
        assert errors_of(file_of(row(1), row(2), row(1)), school) == [(4, "學號", "和第 2 列的學號重複。")]

    def test_what_was_typed_and_whose_it_is_stand_beside_the_reason(self, client, school, registrar):
        data = file_of(row(1, name="王小朋", seat="第三號"), row(2, name="李大華", seat=7), row(3, seat=7))

        page = upload(client, school, data).content.decode()

        assert "第三號" in page
        assert "王小朋" in page
        assert RosterImport.objects.get().errors[1] == [4, "座號", "和第 3 列的座號重複。", "7", "王小明"]

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

    def test_a_file_beyond_the_limit_is_refused_and_never_kept_whole(self, client, school, registrar, settings):
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

        assert "新增 1 人、轉入 0 人、換班 0 人、更新 0 人，未列於名冊 1 人" in page
        assert f'href="{reverse("registry:moves", args=[school.slug])}">處理名冊中沒有的 1 位學生' in page

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
        import_roster(school=school, data=file_of(row(1)))
        kept = check_import(receive_roster(school=school, data=file_of(row(1)), name="x", by=registrar))
        student = Student.objects.get()
        correct_student(student=student, values={"name": "王大明"}, by=registrar)

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
        assert (kept.state, page.context["watch"]) == (State.WAITING, 2)
        assert "正在檢查" in page.content.decode()

        do_waiting_tasks()
        assert "待確認" in look(client, school, kept)
        page = press(client, school, "apply", kept)
        assert "正在寫入學籍" in page.content.decode()
        do_waiting_tasks()

        assert Student.objects.count() == 2
        assert RosterImport.objects.get().state == State.APPLIED

    def test_the_worker_speaks_the_language_of_who_uploaded(self, client, settings, school, registrar):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        upload(client, school, file_of(row(1, seat="x")))

        do_waiting_tasks()

        page = look(client, school, RosterImport.objects.get())
        assert "The seat number must be a number from 1 to 99." in page
        assert "Seat number" in page

    def test_progress_is_told(self, school, registrar, monkeypatch):
        monkeypatch.setattr("registry.roster.staging.CHUNK", 2)
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
        monkeypatch.setattr("registry.roster.staging.find_conflicts", explode)
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
