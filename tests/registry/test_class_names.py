"""Class names as other schools write them: read, compared, sorted."""

import pytest

from registry.class_names import in_order, read, sort_key
from registry.models import SchoolClass, Student
from tests.registry.factories import SchoolFactory, StudentFactory


@pytest.mark.parametrize("name", ["110", "110班", "一年十班", "1年10班", "1-10", "一年級10班"])
def test_ways_of_writing_one_class_are_one(name):
    assert read(name).key == read("110").key


@pytest.mark.parametrize(("one", "other"), [("701", "國一1班"), ("七年一班", "701"), ("高二忠班", "高中二年忠班")])
def test_the_grade_counts_through_twelve_years(one, other):
    assert read(one).key == read(other).key


@pytest.mark.parametrize(
    ("one", "other"), [("101", "國一1班"), ("201", "高二忠班"), ("301", "3年甲班"), ("101", "一忠")]
)
def test_what_may_be_one_class_is_not_taken_for_certain(one, other):
    assert read(one).key != read(other).key
    assert read(one).may_be(read(other))


@pytest.mark.parametrize(
    ("one", "other"), [("101", "102"), ("101", "201"), ("國一1班", "高一1班"), ("資一甲", "電一甲")]
)
def test_other_classes_are_other_classes(one, other):
    assert read(one).key != read(other).key
    assert not read(one).may_be(read(other))


@pytest.mark.parametrize("name", ["忠", "特教班", "資源班", "第12班", "70101", "46082", "12", "2026-03-01"])
def test_what_has_no_grade_has_none(name):
    assert read(name) is None


@pytest.mark.parametrize(
    "names",
    [
        ["1年1班", "1年2班", "1年10班", "2年1班", "6年1班"],
        ["一年一班", "一年二班", "一年三班", "一年十班", "一年十一班", "二年一班", "特教班"],
        ["忠", "孝", "仁", "愛", "信", "義", "和", "平"],
        ["101", "102", "110", "201", "1001"],
        ["國一1班", "國一2班", "國二1班", "國三10班", "高一忠班", "高一孝班"],
        ["1-2", "1-10", "2-1", "2-10"],
        ["資一甲", "資一乙", "資二甲"],
    ],
)
@pytest.mark.django_db
def test_lists_are_in_the_order_that_people_expect(names):
    school = SchoolFactory()
    SchoolClass.objects.bulk_create(
        SchoolClass(school=school, school_year=school.school_year, name=name) for name in reversed(names)
    )
    for one in SchoolClass.objects.all():
        StudentFactory(school=school, school_class=one)

    assert in_order(reversed(names)) == names
    assert list(SchoolClass.objects.in_order().values_list("name", flat=True)) == names
    assert list(Student.objects.in_seating_order().values_list("school_class__name", flat=True)) == names


@pytest.mark.django_db
def test_a_class_that_is_renamed_moves_to_its_place():
    one = SchoolClass.objects.create(school=SchoolFactory(), school_year=115, name="特教班")
    one.name = "1年2班"

    one.save(update_fields=["name"])

    one.refresh_from_db()
    assert one.sort_key == sort_key("1年2班")
