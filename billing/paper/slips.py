"""What stands on a bill's slip (繳費單) and on its receipt (收據). Never an ID number, nobody's name but the child's.

Both are Chinese, as the paper of a school office is. A slip is of an open bill only, a receipt of a paid one, and
a receipt does not tell who paid.
"""

from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from billing.bills import codes
from billing.bills.models import Bill
from billing.paper.capitals import in_capitals
from billing.paper.code39 import code39_svg, path_of
from core.formats import roc_date
from core.languages import in_chinese
from core.printing.glyphs import pieces_of
from core.printing.marks import qr_svg
from core.printing.typesetting import typeset

FOLDER = Path(__file__).resolve().parent
SLIP, RECEIPT = FOLDER / "slip.typ", FOLDER / "receipt.typ"


class NoSlip(Exception):
    """The bill can't be paid: paid, void, overdue, or not issued yet."""


class NoReceipt(Exception):
    """The bill is not paid, or its money goes back."""


def slip_pdf(bill):
    """The slip of one bill (of `for_paper`). Raises NoSlip."""
    with translation.override(settings.LANGUAGE_CODE):
        return set_slips(facts_of_slips([bill], bill.school))


def receipt_pdf(bill):
    """The receipt of one bill (of `for_paper`). Raises NoReceipt."""
    with translation.override(settings.LANGUAGE_CODE):
        return set_receipts(facts_of_receipts([bill], bill.school))


def name_of(what, bill):
    """The file's name; it tells nobody's."""
    return f"{what}-{bill.batch.school_year}-{bill.batch.semester}-{bill.title}.pdf"


def set_slips(facts, **options):
    return typeset(SLIP, facts, pdf_tags=False, **options)


def set_receipts(facts, **options):
    return typeset(RECEIPT, facts, pdf_tags=False, **options)


def contact_of(school):
    with in_chinese():
        return str(school.cashier_contact)


def facts_of_slips(bills, school):
    """The slips of `bills` (of `for_paper`) in this order, as slip.typ takes them. Raises NoSlip."""
    address = settings.SITE_URL + reverse("billing:home")
    return {
        "school": school.name,
        "contact": contact_of(school),
        "address": address.partition("://")[2],
        "qr": qr_svg(address),
        "slips": [slip_of(one) for one in bills],
    }


def facts_of_receipts(bills, school):
    """The receipts of `bills` (of `for_paper`) in this order, as receipt.typ takes them. Raises NoReceipt."""
    return {
        "school": school.name,
        "contact": contact_of(school),
        "made_on": roc_date(timezone.localdate()),
        "slips": [receipt_of(one) for one in bills],
    }


def slip_of(bill):
    if not bill.is_on_paper:
        raise NoSlip
    store, account = codes.store_codes(bill), codes.bank_account(bill)
    return {
        **_paper_of(bill),
        "due": roc_date(bill.due_on),
        "store": [_bars(one) for one in store] if store else None,
        "bank": _bank(bill, account) if account else None,
        "ways": ways_to_pay(bill, store, account),
        "note": note_of(bill, store),
    }


def receipt_of(bill):
    if bill.state != Bill.State.PAID:
        raise NoReceipt
    return {
        **_paper_of(bill),
        "number": f"{bill.school.code}-{bill.pk:08}",
        "paid_on": roc_date(bill.paid_on) if bill.paid_on else "",
    }


def _paper_of(bill):
    student = bill.student
    return {
        "semester": f"{bill.batch.school_year} 學年度{bill.batch.get_semester_display()}",
        "title": bill.title,
        "class": student.school_class.name,
        "seat": f"{student.seat_number:02}",
        "name": pieces_of(student.name),
        "longest_word": max(map(len, student.name.split()), default=0),
        "student_number": student.student_number,
        "items": [{"name": one.name, "amount": dollars(one.amount)} for one in bill.items.all()],
        "total": dollars(bill.amount),
        "capitals": f"新臺幣 {in_capitals(bill.amount)}",
    }


def dollars(amount):
    """14,520 or −1,200"""
    return f"{amount:,}".replace("-", "−")


def _bars(text):
    width = path_of(text)[1]
    return {"text": text, "svg": code39_svg(text), "width": width}


def _bank(bill, account):
    agent = bill.agent
    name, code = (agent.bank_name, agent.bank_code) if agent else ("", "")
    return {"name": name, "code": code, "account": in_fours(account)}


def in_fours(number):
    """7006 0200 0046 2711, as people read it out"""
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))


def ways_to_pay(bill, store, account):
    """The ways that this bill has, in words for its family."""
    if not bill.amount:
        return ["本單金額為 0 元，不必繳費。"]
    ways = ["線上：掃描右邊的條碼，或打開下面的網址，以家長的單一身分驗證帳號登入後付款。"]
    if store:
        fee = f"另付手續費 {bill.agent.store_fee} 元。" if bill.agent.store_fee else ""
        ways.append(f"超商：持本單到超商櫃檯，請店員依序掃描超商聯的三段條碼。{fee}")
    if account:
        ways.append("銀行：持本單到銀行臨櫃，或用 ATM、網路銀行轉帳到銀行聯的專用帳號。")
    if not store and not account:
        ways.append("現金：在期限前到學校出納組繳納。")
    return ways


def note_of(bill, store):
    """Why a bill of a school that has a contract with stores can't be paid there."""
    if store or not bill.amount or bill.agent is None or not bill.agent.collection_code:
        return ""
    return f"本單金額超過超商代收上限（{bill.agent.store_limit:,} 元），不能在超商繳。"


def why_no_slip(bill):
    """Why there is nothing to pay this bill with, for its family or the cashier."""
    words = {
        Bill.State.DRAFT: _("這張繳費單還沒有發出，發出後才能列印。"),
        Bill.State.VOID: _("這張繳費單已經作廢，請勿繳費，也不能列印。學校如果另發新的一張，請以新的為準。"),
        Bill.State.REFUND_DUE: _("這張繳費單的款項正在退還，不能列印繳費單或收據。"),
        Bill.State.PART_REFUNDED: _("這張繳費單的款項已退還一部分，不能列印繳費單或收據；需要證明請洽學校出納組。"),
        Bill.State.REFUNDED: _("這張繳費單的款項已經退還，不能列印繳費單或收據。"),
        Bill.State.PAID: _("這張繳費單已經繳清，可以下載收據；請勿再繳。"),
    }
    if bill.state in words:
        return words[bill.state]
    return _("這張繳費單的期限（%(day)s）已過，條碼和帳號不能再用。請洽學校：%(contact)s。") % {
        "day": roc_date(bill.due_on),
        "contact": bill.school.cashier_contact,
    }
