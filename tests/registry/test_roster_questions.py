"""What a roster may mean in two ways is asked, and nothing is written before it is answered."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from registry.models import RosterImport, SchoolClass, Student
from registry.roster import Unanswered, apply_import, check_import, decide_to_apply, import_roster, receive_roster
from tests.accounts.factories import staff
from tests.registry.factories import SchoolClassFactory, StudentFactory, make_identity
from tests.registry.roster_files import HEADER, errors_of, file_of, row
from tests.registry.rosters import GUARDIAN, look, press, upload

pytestmark = pytest.mark.django_db


def checked(school, *rows, header=HEADER):
    data = file_of(*rows, header=header)
    return check_import(receive_roster(school=school, data=data, name="x.csv", by=None, takes_new_classes=True))


def asked(kept):
    """{kind: [line of each place]}"""
    assert kept.state == RosterImport.State.CHECKED, kept.errors
    return {kind: [place[0] for place in places] for kind, (_count, places) in kept.questions.items()}


def written(school, *rows, header=HEADER):
    kept = checked(school, *rows, header=header)
    return apply_import(decide_to_apply(roster_import=kept, by=None, answers=kept.questions))


class TestAsking:
    def test_it_is_not_written_before_the_box_is_ticked(self, client, school, registrar):
        upload(client, school, file_of(row(1, birth="1997-05-03"), row(2)))
        kept = RosterImport.objects.get()
        page = look(client, school, kept)
        assert "被 Excel 當成西元 1997 年" in page
        assert 'name="answers" value="birth_year"' in page

        assert "沒有匯入" in press(client, school, "apply", kept).content.decode()
        assert not Student.objects.exists()

        address = reverse("registry:roster-apply", args=[school.slug, kept.pk])
        client.post(address, {"answers": ["birth_year"]})
        assert Student.objects.count() == 2

    def test_every_kind_has_to_be_answered(self, school):
        kept = checked(school, row(1, birth="1997-05-03"), row(2, id="無"))

        with pytest.raises(Unanswered) as refused:
            decide_to_apply(roster_import=kept, by=None, answers=["birth_year", "made up"])

        assert refused.value.kinds == {"without_number"}

    def test_the_command_says_what_is_asked_and_writes_after_a_look(self, school, tmp_path, capsys):
        file = tmp_path / "roster.csv"
        file.write_bytes(file_of(row(1, birth="1997-05-03")))

        with pytest.raises(CommandError, match="--confirmed"):
            call_command("import_roster", school.slug, str(file))
        assert "民國 97 年" in capsys.readouterr().err
        assert not Student.objects.exists()

        call_command("import_roster", school.slug, str(file), "--confirmed")
        assert Student.objects.count() == 1

    def test_a_roster_without_doubts_asks_nothing(self, school):
        assert asked(checked(school, row(1), row(2))) == {}


class TestBirthdays:
    @pytest.mark.parametrize(
        "text",
        [
            "2009/5/3 上午 12:00:00", "2009-05-03T00:00:00", "2009-05-03 00:00:00.000", "2009/5/3 0:00", "民98.5.3",
            "中華民國98年5月3日", "098.05.03", "98年5月3號", "民98/5/3", "980503", "0980503", "20090503", "2009.05.03.",
            "民國九十八年五月三日", "2009/5/3 12:00:00 AM", "98-5-3",
        ],
    )  # fmt: skip
    def test_days_as_offices_write_them(self, school, text):
        assert written(school, row(1, birth=text)).questions == {}
        assert Student.objects.get().birth_on == date(2009, 5, 3)

    @pytest.mark.parametrize("text", ["96/02/29", "2008-02-29"])
    def test_leap_days(self, school, text):
        errors = errors_of(file_of(row(1, birth=text)))

        assert [column for _line, column, _reason in errors] == ([] if text == "2008-02-29" else ["出生日期"])

    @pytest.mark.parametrize("text", ["3/5/2009", "1600-05-03", "1899-12-31", "05/03/09", "五月三日"])
    def test_what_is_no_birthday_is_refused(self, text):
        [(line, column, _reason)] = errors_of(file_of(row(1, birth=text)))

        assert (line, column) == (2, "出生日期")

    @pytest.mark.parametrize(
        ("text", "day"),
        [
            ("2009-05-02 16:00:00", date(2009, 5, 3)), ("2009-05-02T16:00:00Z", date(2009, 5, 3)),
            ("2009-05-02T15:59:59.999", date(2009, 5, 3)), ("2009/5/3 下午 12:00:00", date(2009, 5, 3)),
            ("2009-05-03 08:30", date(2009, 5, 3)),
        ],
    )  # fmt: skip
    def test_a_time_of_day_is_asked_and_never_takes_a_day_away(self, school, text, day):
        kept = checked(school, row(1, birth=text))

        assert asked(kept) == {"birth_time": [2]}
        assert kept.rows.get().birth_on == day

    def test_a_spreadsheets_number_of_days_is_asked(self, school):
        kept = checked(school, row(1, birth="39936"))

        assert asked(kept) == {"birth_serial": [2]}
        assert kept.rows.get().birth_on == date(2009, 5, 3)

    @pytest.mark.parametrize("birth", ["1990-01-01", "2024-01-01"])
    def test_an_age_that_no_student_has_is_asked(self, school, birth):
        assert asked(checked(school, row(1, birth=birth), row(2))) == {"birth_year": [2]}

    def test_years_older_than_the_class_is_asked(self, school):
        rows = [row(n) for n in (1, 2, 3)]

        assert asked(checked(school, *rows, row(4, birth="92/05/03"))) == {"birth_year": [5]}


class TestStudentNumbers:
    def test_lost_zeros_are_asked_where_others_are_longer(self, school):
        StudentFactory(school=school, student_number="0610009")

        assert asked(checked(school, row(1, number="610001"), row(2, number="0610002"))) == {"zeros": [2]}

    def test_a_student_of_the_school_is_found_without_the_zeros(self, school):
        written(school, row(1, number="0610001"))

        kept = checked(school, row(1, number="610001"))

        assert (asked(kept), kept.counts["unchanged"]) == ({}, 1)
        assert "照學籍讀成 0610001" in kept.notices[0][2]

    def test_zeros_that_were_lost_before_come_back(self, school):
        written(school, row(1, number="610001"))
        pk = Student.objects.get().pk

        written(school, row(1, number="0610001"))

        assert [(one.pk, one.student_number) for one in Student.objects.all()] == [(pk, "0610001")]

    def test_the_number_of_somebody_else_is_never_taken(self, school):
        written(school, row(1, number="0610001"))

        kept = checked(school, row(2, number="610001"))

        assert asked(kept)["zeros"] == [2]
        assert kept.rows.get().student is None

    def test_zeros_stay_in_search_and_export(self, client, school, registrar):
        written(school, row(1, number="0610001"))
        address = reverse("registry:students", args=[school.slug])

        for typed in ("0610001", "610001", "P0610001"):
            found = client.post(address, {"listing": "students", "q": typed}, follow=True)
            assert ">0610001</td>" in found.content.decode()
        found = client.post(address, {"listing": "students", "q": "0610002"}, follow=True)
        assert ">0610001</td>" not in found.content.decode()
        export = client.post(reverse("registry:roster-export", args=[school.slug])).content
        assert import_roster(school=school, data=export).counts["unchanged"] == 1


class TestClasses:
    @pytest.mark.parametrize("name", ["110班", "一年十班", "1-10", "1年10班", "一年 十班"])
    def test_a_class_of_the_school_is_recognised(self, school, name):
        SchoolClassFactory(school=school, name="110")

        kept = checked(school, row(1, **{"class": name, "teacher": "t110"}))

        assert asked(kept) == {}
        assert kept.rows.get().class_name == "110"
        assert [notice[2] for notice in kept.notices] == ["讀成本校的 110 班。"]

    @pytest.mark.parametrize(("there", "name"), [("701", "一年1班"), ("101", "國一1班"), ("202", "高二孝班")])
    def test_what_may_be_a_class_of_the_school_is_asked(self, school, there, name):
        SchoolClassFactory(school=school, name=there)

        assert asked(checked(school, row(1, **{"class": name}))) == {"class_like": [2]}

    def test_two_names_of_one_class_in_a_file_are_asked(self, school):
        rows = row(1, **{"class": "1年1班", "teacher": "a"}), row(2, **{"class": "一年一班", "teacher": "b"})

        assert asked(checked(school, *rows)) == {"class_twice": [3]}

    @pytest.mark.parametrize("name", ["2026-03-01", "3月1日", "1月10日", "10-Jan", "70101", "46082", "115年3月1日"])
    def test_a_date_is_no_class(self, name):
        [(line, column, _reason)] = errors_of(file_of(row(1, **{"class": name})))

        assert (line, column) == (2, "班級")

    @pytest.mark.parametrize("seat", ["01", "1.0", "１", "1號"])
    def test_seats_as_offices_write_them(self, school, seat):
        written(school, row(1, seat=seat))

        assert Student.objects.get().seat_number == 1

    def test_a_seat_with_a_letter_is_refused(self):
        assert errors_of(file_of(row(1, seat="A1"))) == [(2, "座號", "座號應該是 1 到 99 的數字。")]


class TestTeachers:
    def teachers(self, name="301"):
        duties = SchoolClass.objects.get(name=name).homerooms
        return [(duty.account, duty.name) for duty in duties if not duty.is_substitute]

    @pytest.mark.parametrize("cell", ["t304、t304b", "t304/t304b", "t304；t304b", "T304 t304b"])
    def test_two_in_one_cell_both_teach(self, school, cell):
        line = row(1, teacher=cell) + ",王老師、李老師"

        assert written(school, line, header=f"{HEADER},導師姓名").questions == {}
        assert self.teachers() == [("t304", "王老師"), ("t304b", "李老師")]

    def test_two_in_different_rows_are_asked_and_both_teach(self, school):
        rows = [row(1, teacher="t304"), row(2, teacher="t304"), row(3, teacher="t304b")]
        assert asked(checked(school, *rows)) == {"two_teachers": [2]}

        written(school, *rows)

        assert [account for account, _name in self.teachers()] == ["t304", "t304b"]

    def test_three_are_refused(self, school):
        [(line, column, _reason)] = errors_of(file_of(row(1), row(2, teacher="t302"), row(3, teacher="t303")))

        assert (line, column) == (4, "導師帳號")

    def test_both_open_the_class(self, school):
        written(school, row(1, teacher="t304、t304b"))

        for account in ("t304", "t304b"):
            teacher = staff(school, account=account)
            assert SchoolClass.objects.taught_by(teacher).get().name == "301"

    def test_an_address_is_the_account_of_who_has_it(self, school):
        staff(school, account="linsf", email="t303@school.tp.edu.tw")

        assert written(school, row(1, teacher="T303@school.tp.edu.tw")).questions == {}
        assert [account for account, _name in self.teachers()] == ["linsf"]

    def test_an_address_of_nobody_is_asked(self, school):
        kept = checked(school, row(1, teacher="t303@school.tp.edu.tw"))

        assert asked(kept) == {"teacher_email": [2]}
        assert kept.rows.get().homeroom_account == "t303"

    def test_without_the_column_a_class_keeps_its_teacher(self, school):
        written(school, row(1))
        line = row(1, name="王小朋").rpartition(",")[0]

        assert written(school, line, header=HEADER.rpartition(",")[0]).questions == {}
        assert (Student.objects.get().name, self.teachers()) == ("王小朋", [("t301", "")])

    def test_a_class_without_any_teacher_is_asked(self, school):
        assert asked(checked(school, row(1, teacher=""))) == {"no_teacher": [2]}

    def test_an_empty_cell_is_filled_by_the_rows_beside_it(self, school):
        assert asked(checked(school, row(1, teacher=""), row(2))) == {}


class TestGuardians:
    def test_a_number_cell_that_lost_its_zero_and_a_word_for_nothing(self, school):
        line = f"{row(1)},王大明,父親,無,0912345678,"

        assert written(school, line, header=f"{HEADER},{GUARDIAN}").questions == {}
        guardian = Student.objects.get().guardians.get()
        assert (guardian.mobile, guardian.identity_fingerprint) == ("0912345678", "")

    def test_dashes_are_nobody(self, school):
        written(school, f"{row(1)},－,－,－,－,－", header=f"{HEADER},{GUARDIAN}")

        assert not Student.objects.get().guardians.exists()


class TestWithoutNumber:
    @pytest.mark.parametrize("cell", ["", "無", "－", "申請中", "E12345678", "N/A"])
    def test_one_student_does_not_stop_the_school(self, school, cell):
        kept = checked(school, row(1), row(2, id=cell), row(3, id=cell))
        assert asked(kept) == {"without_number": [3, 4]}

        apply_import(decide_to_apply(roster_import=kept, by=None, answers=["without_number"]))

        assert Student.objects.without_number().count() == 2
        assert Student.objects.get(student_number="10630002").identity_number == ""

    @pytest.mark.parametrize("cell", ["A123456788", "A1234567890", "12345678"])
    def test_a_slip_in_an_id_number_is_still_refused(self, cell):
        [(line, column, _reason)] = errors_of(file_of(row(1, id=cell)))

        assert (line, column) == (2, "身分證字號")

    def test_a_known_number_is_never_taken_away(self, school):
        written(school, row(1))

        assert written(school, row(1, id="無")).counts["unchanged"] == 1
        assert Student.objects.get().identity_number == make_identity(1)

    def test_the_same_again_changes_nothing_and_the_number_can_come_later(self, school):
        written(school, row(1, id="無"), row(2, id="無"))
        assert written(school, row(1, id="無"), row(2, id="無")).counts["unchanged"] == 2

        assert written(school, row(1), row(2, id="無", seat=9)).counts["changed"] == 2

        assert Student.objects.get(student_number="10630001").identity_number == make_identity(1)
        assert Student.objects.get(student_number="10630002").seat_number == 9

    def test_the_registrar_finds_and_completes_them(self, client, school, registrar):
        kept = written(school, row(1, id="無", name="王小朋"), row(2))
        page = look(client, school, kept)
        assert "1 位在學學生沒有證號" in page
        listed = client.get(
            reverse("registry:students", args=[school.slug]), {"status": "without-number"}
        ).content.decode()
        assert "王小朋" in listed
        assert "10630002" not in listed
        student = Student.objects.without_number().get()
        place = reverse("registry:student-edit", args=[school.slug, student.pk])

        form = client.get(place).context["form"]
        typed = {**form.initial, "identity_number": make_identity(1), "birth_on": "97/05/03", "proof": "identity"}
        client.post(place, {**typed, "school_class": student.school_class_id})

        student.refresh_from_db()
        assert student.identity_number == make_identity(1)

    def test_undo_takes_the_number_away_again(self, school, registrar):
        from registry.roster import undo_import

        written(school, row(1, id="無"))
        kept = written(school, row(1))

        undo_import(roster_import=kept, by=registrar)

        assert Student.objects.get().identity_fingerprint == ""
