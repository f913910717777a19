"""The lists of the desks: what fills them, and searching one as its form does."""

from django.utils import timezone

from billing.collection.counter import take_cash
from billing.collection.models import CollectionFile
from billing.ledger.models import Account
from billing.payments.gateway_notices import take_notice
from billing.payments.models import Settlement
from binding.actions.confirmation import request_correction
from notifications.models import GoneAddress
from registry.models import RosterImport
from registry.roles import Role
from review.escalation import escalate
from review.paper_register import mark_paper_form
from tests.accounts.factories import sso_parent, staff
from tests.billing.money import begun, cashier_of, issued_bill, notice_of, refund_file_of, refund_of
from tests.binding.factories import approved_application, confirmed_family, sent_application
from tests.registry.factories import StudentFactory, make_identity

# The page of each list, who opens it, and how many rows `fill` gives it for each turn.
LISTS = (
    ("registry:students", Role.REGISTRAR),
    ("registry:moves", Role.REGISTRAR),
    ("binding:bindings", Role.REGISTRAR),
    ("binding:corrections", Role.REGISTRAR),
    ("binding:gone-addresses", Role.REGISTRAR),
    ("review:handed-over", Role.REGISTRAR),
    ("review:mismatches", Role.REGISTRAR),
    ("review:class-log", Role.REGISTRAR),
    ("staff:staff-accounts", Role.SCHOOL_ADMIN),
    ("billing:cashier-money", Role.CASHIER),
    ("billing:cashier-work", Role.CASHIER),
    ("billing:cashier-refunds", Role.CASHIER),
    ("billing:cashier-refund-files", Role.CASHIER),
    ("billing:cashier-collections", Role.CASHIER),
    ("billing:cashier-batches", Role.CASHIER),
    ("billing:cashier-receipts", Role.CASHIER),
)

OF_A_CLASS = {"review:class-log"}  # their pages are a class's


def search(client, address, listing, text="", **filters):
    """The response after words were posted, on the page that shows what they found. `listing`: its name."""
    return client.post(address, {"listing": listing, "q": text, **filters}, follow=True)


def fill(school_class, teacher, turn):
    """One more row, or some, in every list of the school; `turn`: a number that no other turn has."""
    school, cashier = school_class.school, cashier_of(school_class.school)

    def child(**fields):
        seat = school_class.students.count() + 1
        return StudentFactory(school=school, school_class=school_class, seat_number=seat, **fields)

    def person(place):
        return {
            "people": {1: {"identity_number": make_identity(9 * turn + place), "email": f"p{turn}-{place}@example.com"}}
        }

    roster = RosterImport.objects.get_or_create(school=school, name="x.csv")[0]
    child(missing_from=roster)
    approved_application(teacher, child(), **person(1))
    escalate(application=sent_application(child(), **person(2)), why="other", note="鄰居", by=teacher)
    differing = sent_application(child(), **person(3))
    mark_paper_form(student=differing.student, answer="decline", by=teacher)
    GoneAddress.objects.create(email=differing.applicants.get().email)
    family = confirmed_family(child())
    request_correction(student=family.student, proposed={"name": "尹怡"}, by=family)
    staff(school, Role.HELPDESK, account=f"helper{turn}")
    bill = issued_bill(child())
    payment = begun(
        [bill], sso_parent(by=teacher, email=f"payer{turn}@example.com", number=make_identity(9 * turn + 4))
    )
    take_cash(bill=bill, amount=bill.amount, receipt=str(turn), by=cashier)
    take_notice(notice_of(payment))
    sent = refund_of(issued_bill(child()), cashier, receipt=f"{turn}R{turn}")
    refund_file_of(sent, by=cashier)
    Settlement.objects.create(
        school=school, key=f"unknown:{turn}", state="unknown", account=Account.BANK, amount=1, paid_at=timezone.now()
    )
    CollectionFile.objects.create(
        school=school, profile="store", name=f"{turn}.txt", digest=str(turn), count=1, total=1, taken_by=cashier
    )
