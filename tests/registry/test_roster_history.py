"""Rosters that were applied: what they did, and taking the last one back."""

from datetime import date

import pytest
from django.urls import reverse

from registry import deadlines, homeroom, status_changes
from registry.models import Guardian, HomeroomDuty, RosterImport, SchoolClass, Student
from registry.promotion import promote
from registry.roster import (
    CannotUndo,
    YearIsOver,
    apply_import,
    check_import,
    decide_to_apply,
    import_roster,
    receive_roster,
    undo_import,
)
from registry.students import correct_student
from tests.binding.factories import confirmed_family
from tests.registry.factories import SchoolFactory, make_identity
from tests.registry.roster_files import HEADER, file_of, row
from tests.registry.rosters import GUARDIAN, look, press, upload

pytestmark = pytest.mark.django_db

State = RosterImport.State


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
        kept = check_import(receive_roster(school=school, data=file_of(second, header=header), name="x", by=registrar))
        apply_import(decide_to_apply(roster_import=kept, by=registrar))
        assert Guardian.objects.get().name == "王母"
        assert SchoolClass.objects.get().homeroom.account == "t9"

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


class TestWhatHappenedSince:
    """Between an import and its undo: refused with a reason, or put back as it was."""

    def apply(self, school, *rows, header=HEADER, **more):
        data = file_of(*rows, header=header)
        kept = receive_roster(school=school, data=data, name="x", by=None, takes_new_classes=True, **more)
        kept = check_import(kept)
        return apply_import(decide_to_apply(roster_import=kept, by=None, answers=kept.questions))

    def why_not(self, kept, by):
        with pytest.raises(CannotUndo) as refused:
            undo_import(roster_import=kept, by=by)
        return str(refused.value)

    def promoted(self, school, by):
        school.refresh_from_db()
        promote(school=school, year=school.school_year, targets={"301": "401"}, repeats=[], by=by)
        school.refresh_from_db()

    def test_not_after_a_promotion_even_where_only_the_teacher_changed(self, school, registrar):
        self.apply(school, row(1))
        kept = self.apply(school, row(1, teacher="t9"))
        self.promoted(school, registrar)
        year = school.school_year

        assert "已經升到" in self.why_not(kept, registrar)

        school.refresh_from_db()
        assert (school.school_year, Student.objects.get().school_class.school_year) == (year, year)

    def test_a_roster_of_the_year_before_is_not_applied_after_a_promotion(self, school, registrar):
        self.apply(school, row(1))
        data = file_of(row(1, seat=5))
        waiting = check_import(receive_roster(school=school, data=data, name="x", by=None))
        sure = check_import(receive_roster(school=school, data=data, name="x", by=None))
        decided = decide_to_apply(roster_import=sure, by=registrar)
        self.promoted(school, registrar)

        with pytest.raises(YearIsOver):
            decide_to_apply(roster_import=waiting, by=registrar)
        assert apply_import(decided).state == State.REFUSED
        assert Student.objects.get().school_class.name == "401"

    def test_import_promote_import_undo(self, school, registrar):
        self.apply(school, row(1))
        self.promoted(school, registrar)
        kept = self.apply(school, row(1, **{"class": "401", "name": "王小朋"}))

        undo_import(roster_import=kept, by=registrar)

        student = Student.objects.get()
        assert (student.name, student.school_class.name) == ("王小明", "401")
        assert student.school_class.homeroom.account == "t301"

    def test_not_after_another_teacher_was_assigned(self, school, registrar):
        self.apply(school, row(1))
        kept = self.apply(school, row(1, teacher="t9"))
        homeroom.assign(school_class=SchoolClass.objects.get(), account="t7", by=registrar)

        assert "301 班的導師又更換過" in self.why_not(kept, registrar)
        assert SchoolClass.objects.get().homeroom.account == "t7"

    def test_not_after_another_student_came_into_a_new_class(self, school, registrar):
        self.apply(school, row(1), row(2))
        kept = self.apply(school, row(1), row(2), row(3, **{"class": "302", "teacher": "t302"}))
        new_class = SchoolClass.objects.get(name="302")
        correct_student(
            student=Student.objects.get(student_number="10630001"), values={"school_class": new_class}, by=registrar
        )

        assert "又有學生編入" in self.why_not(kept, registrar)

    def test_not_after_more_time_was_given_to_a_new_student(self, school, registrar):
        kept = self.apply(school, row(1))
        deadlines.extend(target=Student.objects.get(), until=date(2027, 1, 1), by=registrar)

        assert "展延截止日" in self.why_not(kept, registrar)

    def test_the_dates_names_and_contacts_of_teachers_come_back(self, school, registrar):
        header = f"{HEADER},導師姓名,導師聯絡方式"
        other = {"class": "302", "teacher": "t302"}
        self.apply(school, f"{row(1)},林淑芬,分機 301", f"{row(2, **other)},陳志明,分機 302", header=header)
        before = list(HomeroomDuty.objects.order_by("pk").values())
        again = f"{row(1, teacher='t9')},王老師,分機 9", f"{row(2, **other)},陳大明,分機 2"
        kept = self.apply(school, *again, header=header)
        assert SchoolClass.objects.get(name="302").homeroom.contact == "分機 2"

        undo_import(roster_import=kept, by=registrar)

        assert list(HomeroomDuty.objects.order_by("pk").values()) == before

    def test_a_second_teacher_comes_back_too(self, school, registrar):
        self.apply(school, row(1, teacher="t301、t301b"))
        kept = self.apply(school, row(1, teacher="t7、t8"))
        assert [one.account for one in SchoolClass.objects.get().homerooms] == ["t7", "t8"]

        undo_import(roster_import=kept, by=registrar)

        assert [one.account for one in SchoolClass.objects.get().homerooms] == ["t301", "t301b"]

    def test_who_was_missing_from_an_earlier_roster_is_asked_about_again(self, school, registrar):
        self.apply(school, row(1), row(2), row(3))
        first = self.apply(school, row(1))
        second = self.apply(school, row(3))
        kept = Student.objects.get(student_number="10630001")
        status_changes.keep_student(student=kept, by=registrar)

        undo_import(roster_import=second, by=registrar)

        missing = Student.objects.order_by("student_number").values_list("missing_from", flat=True)
        assert list(missing) == [None, first.pk, first.pk]

    def test_undo_one_after_the_other(self, school, registrar):
        first = self.apply(school, row(1))
        second = self.apply(school, row(1), row(2))

        undo_import(roster_import=second, by=registrar)
        undo_import(roster_import=first, by=registrar)

        assert not Student.objects.exists()
        assert not SchoolClass.objects.exists()


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
