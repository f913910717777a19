"""The year's end: looked at first, then all classes at once."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils.translation import override

from binding.models import Binding
from core.school_year import this_school_year
from notifications.models import Message
from registry.models import SchoolClass, Student, StudentChange
from registry.promotion import GRADUATION, promote, propose
from registry.promotion_plan import CannotPromote
from tests.accounts.factories import log_in, registrar_of, teacher_of
from tests.binding.bound import bound
from tests.binding.factories import approved_application, sent_application
from tests.registry.factories import SchoolClassFactory, SchoolFactory, StudentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def school():
    return SchoolFactory()


@pytest.fixture
def classes(school):
    """101, 201 and 301 with two students each, in seats 1 and 2."""
    made = {name: SchoolClassFactory(school=school, name=name) for name in ("101", "201", "301")}
    for one in made.values():
        for seat in (1, 2):
            StudentFactory(school=school, school_class=one, seat_number=seat)
    return made


@pytest.fixture
def registrar(client, school):
    user = registrar_of(school)
    log_in(client, user)
    return user


def fill(classes, **more):
    targets = {f"target_{one.pk}": more.pop(f"to_{name}", "") for name, one in classes.items()}
    school = next(iter(classes.values())).school
    return {"year": school.school_year, "repeats": "", "understood": "on", **targets, **more}


def usual(classes, **more):
    return fill(classes, **{"to_101": "201", "to_201": "301", "to_301": "畢業", **more})


def send(client, school, data, button="promote"):
    place = reverse("registry:promotion", args=[school.slug])
    return client.post(place, {**data, button: "1"}, follow=True).content.decode()


@pytest.mark.parametrize(
    ("names", "next_names"),
    [
        (["101", "102", "201", "301"], ["201", "202", "301", "畢業"]),
        (["七年一班", "八年一班", "九年一班"], ["八年一班", "九年一班", "畢業"]),
        (["1年1班", "1年10班", "2年1班", "6年1班"], ["2年1班", "2年10班", "3年1班", "畢業"]),
        (["國一1班", "國三2班", "高一忠班", "高三忠班"], ["國二1班", "畢業", "高二忠班", "畢業"]),
        (["一年十班", "一年級三班", "五年甲班"], ["二年十班", "二年級三班", "六年甲班"]),
        (["1-10", "3年甲班", "資一甲", "十年一班"], ["2-10", "畢業", "資二甲", "十一年一班"]),
        (["301", "302"], ["", ""]),
        (["101", "201"], ["201", "301"]),
        (["101", "301", "701", "901"], ["201", "畢業", "801", "畢業"]),
        (["忠", "孝", "特教班"], ["", "", ""]),
    ],
)
def test_the_next_class_is_proposed(school, names, next_names):
    classes = [SchoolClass(school=school, name=name) for name in names]

    assert [propose(classes)[name] for name in names] == next_names


def test_nothing_is_written_before_it_is_confirmed(client, school, classes, registrar):
    page = send(client, school, usual(classes), "look")

    assert "確認後會這樣做" in page
    assert "<strong>畢業</strong>" in page
    assert not StudentChange.objects.exists()


def test_what_ends_is_counted_before_it_is_confirmed(client, school, classes, registrar):
    graduating, applying = Student.objects.filter(school_class=classes["301"])
    approved_application(teacher_of(classes["301"]), graduating)
    sent_application(applying)

    page = send(client, school, usual(classes), "look")

    assert "畢業 2 人，這個動作無法復原" in page
    assert "1 個親子綁定會立即終止，1 個家庭會收到通知信，1 件還沒審完的申請會撤回" in page


def test_who_did_not_say_that_it_is_understood_is_asked_again(client, school, classes, registrar):
    page = send(client, school, usual(classes, understood=""))

    assert "請先確認您了解這個結果" in page
    assert "確認升級" in page
    assert not StudentChange.objects.exists()


@pytest.mark.parametrize(("month", "is_said"), [(4, True), (5, False), (9, False), (10, True)])
def test_a_promotion_out_of_season_is_asked_about(client, school, classes, registrar, monkeypatch, month, is_said):
    monkeypatch.setattr("registry.views.promotion.timezone.localdate", lambda: date(2026, month, 15))

    page = client.get(reverse("registry:promotion", args=[school.slug])).content.decode()

    assert ("現在升級很少見" in page) == is_said


def test_classes_go_on_and_the_last_graduates(client, school, classes, registrar):
    page = send(client, school, usual(classes))

    school.refresh_from_db()
    assert "升級 4 人，重讀 0 人，畢業 2 人" in page
    assert school.school_year == this_school_year() + 1
    year = Student.objects.enrolled().values_list("school_class__name", "school_class__school_year")
    assert sorted(year) == [(name, school.school_year) for name in ("201", "201", "301", "301")]
    assert Student.objects.filter(status=Student.Status.GRADUATED).count() == 2
    assert StudentChange.objects.filter(cause="promotion").count() == 6


def test_teachers_go_on_with_their_class(client, school, classes, registrar):
    teacher = teacher_of(classes["101"])
    application = sent_application(Student.objects.filter(school_class=classes["101"]).first())

    send(client, school, usual(classes))

    log_in(client, teacher)
    assert client.get(reverse("review:application", args=[school.slug, application.pk])).status_code == 200
    assert SchoolClass.objects.taught_by(teacher).get().name == "201"


def test_parents_of_who_graduates_are_told(client, school, classes, registrar):
    binding = bound(Student.objects.filter(school_class=classes["301"]).first(), registrar)
    going_on = bound(Student.objects.filter(school_class=classes["201"]).first(), registrar)

    send(client, school, usual(classes))

    for one in (binding, going_on):
        one.refresh_from_db()
    assert (binding.end_reason, going_on.state) == ("graduated", Binding.State.ACTIVE)
    assert Message.objects.filter(kind="binding-ended").count() == 1


def test_who_repeats_stays_in_the_grade(client, school, classes, registrar):
    student = Student.objects.filter(school_class=classes["301"]).first()

    send(client, school, usual(classes, repeats=f"{student.student_number}　301 ３６\n\n"))

    student.refresh_from_db()
    assert (student.status, student.school_class.name, student.seat_number) == ("enrolled", "301", 36)


def test_who_is_on_leave_stays_where_they_are(client, school, classes, registrar):
    student = Student.objects.filter(school_class=classes["301"]).first()
    student.status = Student.Status.ON_LEAVE
    student.save()

    send(client, school, usual(classes))

    student.refresh_from_db()
    assert (student.status, student.school_class) == (Student.Status.ON_LEAVE, classes["301"])


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"repeats": "10630008"}, "第 1 行無法辨識"),
        ({"repeats": "10630008 201 x"}, "第 1 行無法辨識"),
        ({"repeats": "99999999 201 3"}, "不是本校在學的學生"),
        ({"to_301": "301"}, "會有兩位學生"),
        ({"to_301": "a b"}, "班級最多 10 個字"),
    ],
)
@pytest.mark.parametrize("button", ["look", "promote"])
def test_what_does_not_fit_is_said_and_nothing_is_done(client, school, classes, registrar, more, words, button):
    page = send(client, school, usual(classes, **more), button)

    assert words in page
    assert not StudentChange.objects.exists()


def test_confirmed_twice_is_done_once(client, school, classes, registrar):
    data = usual(classes)
    send(client, school, data)

    send(client, school, data)

    school.refresh_from_db()
    assert school.school_year == this_school_year() + 1
    assert StudentChange.objects.count() == 6


@pytest.mark.parametrize("size", [2, 40])
def test_the_page_costs_the_same_queries_whatever_the_size(
    client, school, registrar, django_assert_max_num_queries, size
):
    for number in range(size):
        school_class = SchoolClassFactory(school=school, name=f"{101 + number}")
        StudentFactory(school=school, school_class=school_class)

    with django_assert_max_num_queries(7):
        client.get(reverse("registry:promotion", args=[school.slug]))


class TestGraduating:
    @pytest.mark.parametrize("empty", ["", "  ", "\u3000"])
    @pytest.mark.parametrize("button", ["look", "promote"])
    def test_an_empty_box_never_means_it(self, client, school, classes, registrar, button, empty):
        page = send(client, school, usual(classes, to_301=empty), button)

        assert "請填 301 班新學年的班級；不再升級的班級請填「畢業」" in page
        assert not StudentChange.objects.exists()

    def test_the_preview_names_who_graduates_by_class(self, client, school, classes, registrar):
        staying, leaving = Student.objects.filter(school_class=classes["301"]).order_by("pk")
        Student.objects.filter(pk=staying.pk).update(name="王小明")
        Student.objects.filter(pk=leaving.pk).update(name="李大華")

        page = send(client, school, usual(classes, repeats=f"{staying.student_number} 301 36"), "look")

        assert "301 班畢業 1 人" in page
        assert f"{leaving.seat_number} 李大華" in page
        assert "王小明" not in page
        assert "101 班畢業" not in page

    @pytest.mark.parametrize("word", ["畢業班", "301 畢業"])
    def test_another_word_is_asked_about(self, client, school, classes, registrar, word):
        assert "請只填「畢業」兩個字" in send(client, school, usual(classes, to_301=word))
        assert not StudentChange.objects.exists()

    def test_the_last_grade_is_proposed_by_name_and_grades_stand_apart(self, client, school, classes, registrar):
        form = client.get(reverse("registry:promotion", args=[school.slug])).context["form"]

        assert [(words, [box.value() for box in boxes]) for words, boxes in form.target_groups] == [
            ("1 年級", ["201"]), ("2 年級", ["301"]), ("3 年級", ["畢業"]),
        ]  # fmt: skip

    def test_an_english_reader_finds_and_writes_it_in_english(self, client, school, classes, registrar):
        with override("en"):
            word = str(GRADUATION)
        english = {"accept-language": "en"}

        page = client.get(reverse("registry:promotion", args=[school.slug]), headers=english).content.decode()

        assert f'value="{word}"' in page
        assert word != "畢業"
        send(client, school, usual(classes, to_301=word.lower()))
        assert Student.objects.filter(status=Student.Status.GRADUATED).count() == 2

    def test_without_an_answer_nothing_is_promoted(self, school, classes):
        for targets in ({"101": "201", "201": "301", "301": ""}, {"101": "201", "201": "301"}):
            with pytest.raises(CannotPromote):
                promote(school=school, year=school.school_year, targets=targets, repeats=[], by=None)


class TestMerging:
    def go(self, school, **more):
        names = {one.name for one in SchoolClass.objects.filter(school=school)}
        targets = dict.fromkeys(names, "201")
        return promote(school=school, year=school.school_year, targets=targets, repeats=[], by=None, **more)

    def fill(self, school, name, seats):
        one = SchoolClassFactory(school=school, name=name)
        for seat in seats:
            StudentFactory(school=school, school_class=one, seat_number=seat)

    @pytest.mark.parametrize("names", [("101", "102"), ("101", "102", "103")])
    def test_classes_with_seats_apart_become_one_with_the_largest_ones_teacher(self, school, names):
        for place, name in enumerate(names):
            self.fill(school, name, range(place * 10 + 1, place * 10 + 2 + place))

        self.go(school)

        merged = SchoolClass.objects.get(name="201")
        assert merged.students.count() == sum(range(1, len(names) + 1))
        assert [duty.account for duty in merged.homerooms] == [f"t{names[-1]}"]

    def test_the_preview_says_whose_teacher_goes_on(self, client, school, registrar):
        self.fill(school, "101", [1, 2])
        self.fill(school, "102", [3])
        typed = {f"target_{one.pk}": "201" for one in SchoolClass.objects.all()}

        page = send(client, school, {"year": school.school_year, "repeats": "", **typed}, "look")

        assert "201 由 101、102 合併" in page
        assert "導師由人數較多的 101 導師" in page

    def test_seats_that_meet_are_asked_about(self, school):
        self.fill(school, "101", [1, 2])
        self.fill(school, "102", [2])

        with pytest.raises(CannotPromote, match="2 號會有兩位學生"):
            self.go(school)

        self.go(school, renumber=True)
        merged = Student.objects.in_seating_order().values_list("seat_number", "school_class__name")
        assert list(merged) == [(1, "201"), (2, "201"), (3, "201")]

    def test_a_seat_taken_in_a_class_of_the_new_year_is_said(self, school):
        self.fill(school, "101", [1])
        there = SchoolClassFactory(school=school, name="201", school_year=school.school_year + 1)
        StudentFactory(school=school, school_class=there, seat_number=1)

        with pytest.raises(CannotPromote, match="會有兩位學生"):
            promote(school=school, year=school.school_year, targets={"101": "201"}, repeats=[], by=None)

    def test_a_class_that_is_there_already_keeps_its_teacher(self, school):
        self.fill(school, "101", [1])
        SchoolClassFactory(school=school, name="201", school_year=school.school_year + 1, homeroom="t9")

        promote(school=school, year=school.school_year, targets={"101": "201"}, repeats=[], by=None)

        assert [one.account for one in Student.objects.get().school_class.homerooms] == ["t9"]

    def test_both_teachers_of_a_class_go_on(self, school):
        self.fill(school, "101", [1])
        duty = SchoolClass.objects.get().duties.get()
        duty.pk, duty.place, duty.account = None, 2, "second"
        duty.save()

        promote(school=school, year=school.school_year, targets={"101": "201"}, repeats=[], by=None)

        assert [one.account for one in Student.objects.get().school_class.homerooms] == ["t101", "second"]
