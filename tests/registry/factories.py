"""Schools, classes and students with valid numbers."""

import datetime

import factory
from django.utils import timezone

from core.identity import LETTERS
from registry.models import HomeroomDuty, PaperFormBatch, School, SchoolClass, Student
from registry.paper_forms import printing


def make_identity(n, letter="A", gender=1):
    """A valid national ID: the `n`-th of this letter and gender (1 male, 2 female; 8, 9 resident)."""
    area = LETTERS.index(letter) + 10
    digits = [area // 10, area % 10, gender, *map(int, f"{n:07d}")]
    total = sum(weight * digit for weight, digit in zip((1, 9, 8, 7, 6, 5, 4, 3, 2, 1), digits, strict=True))
    return f"{letter}{gender}{n:07d}{-total % 10}"


class SchoolFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = School

    slug = factory.Sequence(lambda n: f"school-{n}")
    code = factory.Sequence(lambda n: f"{353000 + n}")
    name = factory.Sequence(lambda n: f"臺北市立第{n}高級中學")
    short_name = factory.Sequence(lambda n: f"第{n}高中")
    helpdesk_phone = "23216256 分機 255、256"
    registrar_phone = "23216256 分機 222"
    cashier_phone = "23216256 分機 235"


class SchoolClassFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SchoolClass
        skip_postgeneration_save = True

    school = factory.SubFactory(SchoolFactory)
    school_year = factory.SelfAttribute("school.school_year")
    name = factory.Sequence(lambda n: f"{301 + n}")

    @factory.post_generation
    def homeroom(self, create, account, **fields):
        """Who teaches it since long ago; SchoolClassFactory(homeroom="t301") names the account."""
        HomeroomDuty.objects.create(
            school_class=self,  # type: ignore[misc]
            account=account or f"t{self.name}",
            name=fields.get("name", "林淑芬"),
            starts_on=datetime.date(2020, 8, 1),
        )


def free_seat(school_class):
    """A seat that nobody has; low ones are left to tests that name them."""
    taken = set(Student.objects.filter(school_class=school_class).values_list("seat_number", flat=True))
    return next(seat for seat in [*range(41, 100), *range(1, 41)] if seat not in taken)


class StudentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Student

    school = factory.SubFactory(SchoolFactory)
    school_class = factory.SubFactory(SchoolClassFactory, school=factory.SelfAttribute("..school"))
    seat_number = factory.LazyAttribute(lambda student: free_seat(student.school_class))
    student_number = factory.Sequence(lambda n: f"{11230001 + n}")
    name = "尹書妍"
    identity_number = factory.Sequence(lambda n: make_identity(n, letter="F", gender=2))
    birth_on = datetime.date(2009, 3, 14)


def requested_batch(school, *, by, classes=(), **fields):
    """Paper forms that wait for the worker."""
    wish = {"language": "zh-hant", "return_on": timezone.localdate() + datetime.timedelta(days=14), **fields}
    return printing.request_batch(school=school, classes=list(classes), by=by, **wish)


def finished_batch(school, **options):
    """Paper forms that the worker made."""
    batch = requested_batch(school, **options)
    printing.set_batch.func(batch.pk)
    return PaperFormBatch.objects.get(pk=batch.pk)
