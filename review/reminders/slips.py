"""What stands on the reminder slips of a class. Never an ID number, nobody's name but the child's.

The slips are Chinese, as the pages of the school are: of a family that never came in, no language is known.
"""

from itertools import groupby
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from core.formats import roc_date
from core.languages import in_chinese
from core.printing.glyphs import pieces_of
from core.printing.marks import qr_svg
from core.printing.typesetting import typeset
from review.reminders.families import families_of, students_with_deadline
from review.reminders.models import ReminderSlipBatch

TEMPLATE = Path(__file__).resolve().parent / "slip.typ"
WORDS = {
    "title": "親子綁定提醒單",
    "for_parents": "請交給家長",
    "class": "班級",
    "seat": "座號",
    "name": "學生姓名",
    "todo": "還沒完成",
    "paper": "無論是否同意申辦，都請把簽名的申請書交給導師。",
    "how": "怎麼登入",
    "login": [
        "掃描右邊的條碼，或打開下面的網址。",
        "帳號：{account}",
        "第一次的密碼：學生的身分證統一編號（或居留證號碼），英文字母大寫。之後用您改過的密碼。",
    ],
    "help": "登入問題請洽：",
}


def set_slips(facts, **options):
    return typeset(TEMPLATE, facts, pdf_tags=False, **options)


def families_to_print(school, who, *, classes=None):
    """Families with an open step by class and seat: all, or those whom no mail reaches."""
    students = students_with_deadline(school).filter(school_class__school_year=school.school_year)
    if classes is not None:
        students = students.filter(school_class__in=classes)
    families = families_of(list(students.in_seating_order()))
    return [one for one in families if who == ReminderSlipBatch.Who.ALL or not one.is_reachable]


def facts_of_classes(families, school):
    """(class, how many slips, what stands on them) for each class; `families` come by class."""
    for name, group in groupby(families, key=lambda one: one.student.school_class.name):
        facts = facts_of(list(group), school)
        yield name, len(facts["slips"]), facts


def facts_of(families, school):
    """The slips of `families` in this order, as slip.typ takes them."""
    address = settings.SITE_URL + reverse("accounts:school", args=[school.slug])
    with in_chinese():
        contact = str(school.helpdesk_contact)
    return {
        "words": WORDS,
        "school": school.name,
        "address": address.partition("://")[2],
        "contact": contact,
        "slips": [slip_of(family, school) for family in families],
    }


def until(deadline):
    if deadline is None:
        return "請儘快完成"
    if deadline < timezone.localdate():
        return f"{roc_date(deadline)}已經截止，請儘快完成"
    return f"請在{roc_date(deadline)}以前完成"


def slip_of(family, school):
    student = family.student
    login = settings.SITE_URL + reverse("accounts:login", args=[school.slug])
    return {
        "class": student.school_class.name,
        "seat": str(student.seat_number),
        "name": pieces_of(student.name),
        "longest_word": max(map(len, student.name.split()), default=0),
        "steps": family.steps,
        "deadline": until(family.deadline),
        "account": student.portal_account,
        "login_qr": qr_svg(f"{login}?account={quote(student.portal_account)}"),
    }
