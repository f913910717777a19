"""The synthetic city is valid, the same for the same seed, and never made in production."""

import pytest
from django.core.management import CommandError, call_command

from binding.models import Applicant, Application, Binding, CorrectionRequest
from config.synthetic_city.people import People
from config.synthetic_city.school import roster
from core.identity import kind_of
from registry.models import Guardian, SchoolClass, Student
from review.models import PaperForm
from tests.registry.factories import SchoolFactory

pytestmark = pytest.mark.django_db


def make(**options):
    call_command("make_city", **{"schools": 2, "students": 40, "class_size": 10, "families": 32, **options})


def test_people_have_valid_numbers_and_come_again_with_their_seed():
    people = People(7)
    numbers = [people.identity_number() for _ in range(500)]

    again = People(7)
    assert numbers == [again.identity_number() for _ in range(500)]
    assert all(kind_of(number) for number in numbers)
    assert len(set(numbers)) == 500
    assert {kind_of(number) for number in numbers} == {"national", "resident"}


def test_schools_have_classes_teachers_and_families_at_every_stage(capsys):
    make()

    assert Student.objects.count() == 80
    assert SchoolClass.objects.count() == 8
    assert Guardian.objects.count() == 80
    assert all(one.homeroom for one in SchoolClass.objects.all())
    assert set(Application.objects.values_list("status", flat=True)) == {"draft", "submitted", "decided"}
    reviews = set(Applicant.objects.values_list("review", flat=True))
    assert reviews == {"pending", "approved", "returned", "rejected"}
    assert Binding.objects.active().exists()
    assert CorrectionRequest.objects.exists()
    assert PaperForm.objects.exists()


def test_the_same_seed_makes_the_same_roster():
    school = SchoolFactory()
    sizes = {"students": 30, "class_size": 10, "grades": 3}

    first, again, other = (roster(school, People(seed), **sizes) for seed in (3, 3, 4))

    assert first == again
    assert first != other


def test_what_is_there_stays(capsys):
    make(families=0)
    make(families=0)

    assert Student.objects.count() == 80


def test_production_refuses(settings):
    settings.PRODUCTION = True

    with pytest.raises(CommandError, match="not for production"):
        make()
