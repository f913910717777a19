"""A sample of each mail, about people who are in no database. A new mail gets its line here."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts import mails as account_mails
from accounts.languages import reader_of
from accounts.models import AccountClosure, EmailChange, SSOAccount, User
from billing.bills import mails as bill_mails
from billing.bills.models import Bill, BillBatch
from billing.payments import mails as money_mails
from billing.payments.models import Payment, Refund, Settlement
from binding import mails as binding_mails
from binding.models import (
    Applicant,
    Application,
    Binding,
    CorrectionRequest,
    Delegation,
    EmailCorrection,
    PersonCorrection,
    Withdrawal,
    WithdrawalAnswer,
)
from config.management.commands.load_demo import SCHOOLS
from notifications.models import Message
from registry.models import School, SchoolClass, Student
from review import mails as review_mails
from review.reminders import mails as reminder_mails
from review.reminders.audience import Address
from staff import mails as staff_mails
from staff.models import StaffInvitation

LINK = "https://example.com/?token=sample"
SCHOOL = School(pk=1, **{name: fact for name, fact in SCHOOLS[0].items() if name not in ("roster", "staff")})
CHILD = Student(pk=1, school=SCHOOL, school_class=SchoolClass(school=SCHOOL, name="301"), seat_number=7, name="尹心妍")


def samples(language: str) -> list[Message]:
    """Each mail at least once, as its function writes it for a reader of `language`; nothing is stored."""
    return [*_of_accounts(language), *_of_bindings(language), *_of_bills(language), *_of_review(language)]


def _person(language: str) -> User:
    return User(pk=1, kind="parent", name="尹大明", email="zoe@example.com", language=language)


def _binding(language: str, **fields: Any) -> Binding:
    account = SSOAccount(pk=1, user=_person(language), initial_until=timezone.now())
    return Binding(pk=1, account=account, student=CHILD, **fields)


def _applicant(language: str) -> Applicant:
    application = Application(pk=1, student=CHILD, language=language)
    applicant: Any = Applicant(pk=1, application=application, email="zoe@example.com", name="王大明")
    applicant.address_state = "asked"  # as `with_address_state` would say: nothing is read
    return applicant


def _of_accounts(language: str) -> list[Message]:
    zoe, soon = _person(language), timezone.now() + timedelta(hours=1)
    lin = User(pk=2, school=SCHOOL, account="t301", name="林老師", email="lin@example.com", language=language)
    emails = {"former_email": zoe.email, "new_email": "new@example.com"}
    change = EmailChange(pk=1, user=zoe, expires_at=soon, undo_until=soon, **emails)
    closure = AccountClosure(pk=1, user=zoe, expires_at=soon)
    invitation = StaffInvitation(pk=1, user=lin, expires_at=soon)
    family = User(pk=3, kind="family", school=SCHOOL, student=CHILD)
    return [
        account_mails.sign_in_code.compose(zoe, code="204817", until=soon),
        account_mails.password_reset.compose(zoe, link=LINK, until=soon, on_page=None),
        account_mails.portal_password_link.compose(family, to=reader_of(zoe), link=LINK, until=soon),
        account_mails.password_changed.compose(lin),
        account_mails.second_factor_changed.compose(lin, is_on=True, by=lin),
        account_mails.second_factor_changed.compose(zoe, is_on=False, by=zoe),
        account_mails.account_left.compose(closure, link=LINK),
        account_mails.own_address_verify.compose(change, link=LINK),
        account_mails.own_address_taken.compose(change, owner=zoe),
        account_mails.own_address_changed.compose(change, link=LINK),
        staff_mails.staff_invited.compose(invitation, link=LINK),
        staff_mails.staff_password_link.compose(invitation, link=LINK),
        staff_mails.staff_password_asked.compose(invitation, link=LINK),
    ]


def _of_bindings(language: str) -> list[Message]:
    today = timezone.localdate()
    soon = timezone.now() + timedelta(days=7)
    binding, applicant = _binding(language), _applicant(language)
    ended = _binding(language, state="ended", end_reason="asked", end_note="家長來校辦理")
    cared = _binding(language, kind="delegated", first_day=today, last_day=today + timedelta(days=180))
    over = _binding(language, kind="delegated", state="ended", end_reason="delegation_expired")
    days = {"name": "陳阿玉", "starts_on": today, "ends_on": today + timedelta(days=180)}
    mandate, mandate_over = Delegation(binding=cared, **days), Delegation(binding=over, **days)
    change = EmailCorrection(
        pk=1, account=binding.account, binding=binding, new_email="new@example.com", expires_at=soon
    )
    renamed = PersonCorrection(pk=1, account=binding.account, binding=binding, new_name="尹怡", changes_number=True)
    correction = CorrectionRequest(pk=1, student=CHILD, status="done")
    answer = WithdrawalAnswer(pk=1, withdrawal=Withdrawal(student=CHILD, expires_at=soon), binding=binding)
    family = User(pk=3, kind="family", student=CHILD)
    return [
        binding_mails.account_opened.compose(binding, link=LINK),
        binding_mails.child_added.compose(binding),
        binding_mails.already_bound.compose(applicant, binding=binding),
        binding_mails.binding_ended.compose(ended),
        binding_mails.delegation_started.compose(cared, link=LINK),
        binding_mails.delegation_started.compose(cared),
        binding_mails.delegation_given.compose(mandate, to=binding.reader),
        binding_mails.delegation_prolonged.compose(mandate, to=binding.reader),
        binding_mails.delegation_ended.compose(mandate_over, to=binding.reader),
        binding_mails.application_received.compose(applicant, link=LINK, until=soon),
        binding_mails.application_received.compose(applicant),
        binding_mails.applicant_email_taken.compose(applicant),
        binding_mails.address_verify.compose(change, link=LINK),
        binding_mails.address_allowed.compose(change),
        binding_mails.address_changed.compose(change, former="old@example.com"),
        binding_mails.person_corrected.compose(renamed),
        binding_mails.withdrawal_asked.compose(answer, link=LINK),
        binding_mails.withdrawal_taken_back.compose(answer),
        binding_mails.parent_left.compose(_person(language), school=SCHOOL, students=[CHILD]),
        binding_mails.correction_answered.compose(correction, to=binding.reader),
        binding_mails.portal_password_changed.compose(family, to=binding.reader),
        binding_mails.portal_password_reset.compose(family, to=binding.reader),
    ]


def _of_bills(language: str) -> list[Message]:
    binding, now = _binding(language), timezone.now()
    batch = BillBatch(school=SCHOOL, title="115 學年度第一學期學雜費")
    facts = {"school": SCHOOL, "student": CHILD, "title": batch.title, "batch": batch}
    bill = Bill(pk=1, amount=12480, due_on=timezone.localdate() + timedelta(days=3), **facts)
    late = Bill(pk=2, amount=12480, due_on=timezone.localdate() - timedelta(days=1), **facts)
    again = Bill(pk=3, amount=0, due_on=bill.due_on, replaces_id=2, **facts)
    settlement = Settlement(bill=bill, amount=bill.amount, paid_at=now)
    refund = Refund(settlement=settlement, amount=bill.amount, way="transfer")
    return [
        bill_mails.bill_issued.compose(bill, binding),
        bill_mails.bill_issued.compose(again, binding),
        bill_mails.bill_split.compose(bill, [bill, again], binding),
        bill_mails.bill_voided.compose(late, binding),
        bill_mails.bill_reopened.compose(bill, binding),
        bill_mails.bill_due_soon.compose(bill, binding, not_after=now),
        bill_mails.bill_overdue.compose(late, binding),
        money_mails.bill_paid.compose(settlement, to=binding.reader),
        money_mails.payment_duplicate.compose(settlement, to=binding.reader),
        money_mails.payment_refunded.compose(refund, to=binding.reader),
        money_mails.refund_withdrawn.compose(refund, to=binding.reader),
        money_mails.refund_kept.compose(refund, to=binding.reader),
        *(money_mails.payment_code.compose(one, [bill], to=binding.reader) for one in _codes(now)),
    ]


def _codes(now: datetime) -> list[Payment]:
    """A payment at a store, and one at an ATM."""
    facts = {"school": SCHOOL, "amount": 12480, "code_until": now + timedelta(days=3), "reference": "P261130SAMPLE"}
    return [
        Payment(pk=1, method="store_code", code="GW0123456789", **facts),
        Payment(pk=2, method="atm", code="9103522175887271", bank_code="812", **facts),
    ]


def _of_review(language: str) -> list[Message]:
    applicant, reason = _applicant(language), "手機號碼和申請書不同，請確認後修正。"
    steps = [gettext_lazy("確認學生相關資訊"), gettext_lazy("閱讀同意書，填寫同意或不同意")]
    deadline = timezone.localdate() + timedelta(days=7)
    family: Any = SimpleNamespace(student=CHILD, deadline=deadline, steps=steps)
    to = Address(applicant.email, language)
    return [
        review_mails.applicant_returned.compose(applicant, reason=reason, hold=timedelta(), fields=["mobile", "email"]),
        review_mails.applicant_rejected.compose(applicant, reason=reason, hold=timedelta()),
        reminder_mails.reminder.compose(family, to=to, school=SCHOOL),
    ]
