"""Parents with children, for the tests of what families see of bills."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from billing.bills.models import BillItem
from tests.accounts.factories import registrar_of, sso_parent, teacher_of
from tests.billing.money import batch_of, issued_bill
from tests.binding.factories import approved_application
from tests.registry.factories import SchoolClassFactory, StudentFactory, make_identity

ZOE = {"identity_number": make_identity(901), "email": "zoe@example.com"}
LEO = {"identity_number": make_identity(902), "email": "leo@example.com"}


def parent_of(person, school=None):
    """A parent with a password; the same person again is the same account."""
    school = school or SchoolClassFactory().school
    number = person["identity_number"]
    return sso_parent(by=registrar_of(school), email=person["email"], number=number)


def child_of(*people, school_class=None):
    """A student bound to these parents, whose accounts are there already."""
    school_class = school_class or SchoolClassFactory()
    student = StudentFactory(school=school_class.school, school_class=school_class)
    kind = {"kind": "two_parents"} if len(people) == 2 else {}
    account = school_class.homeroom.account
    known = User.objects.filter(school=school_class.school, account=account).first()
    teacher = known or teacher_of(school_class)
    approved_application(teacher, student, people=dict(enumerate(people, 1)), **kind)
    return student


def bill_of(student, *, years_ago=0, semester=1, items=(), issued_days_ago=0, **fields):
    year = student.school.school_year - years_ago
    bill = issued_bill(student, batch=batch_of(student.school, school_year=year, semester=semester), **fields)
    bill.issued_at = timezone.now() - timedelta(days=issued_days_ago)
    bill.save(update_fields=["issued_at"])
    BillItem.objects.bulk_create(
        BillItem(bill=bill, position=n, name=name, amount=amount) for n, (name, amount) in enumerate(items)
    )
    return bill
