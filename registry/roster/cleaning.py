"""The clean value of each cell of a roster, as of each field that a form has in common with it; or why there is none."""

import re
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from core import emails, identity, mobiles, names
from core.formats import read_date
from registry import homeroom
from registry.models import HomeroomDuty

WORDS = "無 沒有 無證號 無身分證 無身份證 尚無 未取得 尚未取得 申請中 辦理中 待補 補件中 na n/a none null"
NOTHING = frozenset(["", *WORDS.split()])
PASSPORT = re.compile(r"(?=.{6,9}$)[A-Z]{1,3}\d{5,8}")
MIDNIGHT_OF_TAIPEI = "16:00"
BETWEEN_TEACHERS = re.compile(r"[\s、，,;；/／&＆]+")


def clean_cell(column, text):
    """The clean value of one cell, as typed into a form. Raises ValidationError."""
    if column != "identity_number":
        refuse_stray_number(text)
    return TYPED.get(column, CLEANERS[column])(text)


def refuse_stray_number(text):
    """In any other column an ID number would be stored and shown as it is."""
    identity.refuse_in(text, _("這一欄不能填證號，請核對各欄的位置。"))


def filled(text):
    if not text:
        raise ValidationError(_("沒有填。"))
    return text


def clean_class_name(text):
    """A class as it is written, without spaces beside characters; a date is none, nor is a class with a seat behind it."""
    text = filled(re.sub(rf"\s+(?=[{names.HAN}])|(?<=[{names.HAN}])\s+", "", text))
    if looks_like_date(text):
        raise ValidationError(_("這一格是日期，Excel 可能把 1-10 改成了日期。請把班級欄改成文字格式，再填一次班級。"))
    if re.fullmatch(r"\d{5,}", text, re.ASCII):
        raise ValidationError(_("班級看起來連座號也寫進去了，或是日期。請只填班級，例如 701。"))
    if not re.fullmatch(r"[\w\-]{1,10}", text):
        raise ValidationError(_("班級最多 10 個字，不含空白和符號，例如 301。"))
    return text


def looks_like_date(text):
    """2026-03-01, 3月1日, 10-Jan: what a spreadsheet makes of 3-1."""
    if re.fullmatch(r"\d{1,2}月(\d{1,2}日?)?|\d{1,2}-[A-Za-z]{3}|[A-Za-z]{3}-\d{1,2}", text):
        return True
    try:
        return bool(read_date(text)) and not text.isdecimal()
    except ValueError:
        return False


def clean_seat_number(text):
    number = filled(text).removesuffix("號")
    if not re.fullmatch(r"\d{1,3}", number, re.ASCII) or not 1 <= int(number) <= 99:
        raise ValidationError(_("座號應該是 1 到 99 的數字。"))
    return int(number)


def clean_student_number(text):
    if not re.fullmatch(r"[A-Za-z0-9]{1,20}", filled(text)):
        raise ValidationError(_("學號只能有英文字母和數字，最多 20 個字。"))
    return text.upper()


def clean_name(text):
    name = names.clean(filled(text))
    if len(name) > 60 or re.search(r"[<>\d@=]", name):
        raise ValidationError(_("姓名不能有數字或符號，最多 60 個字。"))
    return filled(name)


def clean_identity_number(text):
    identity.validate(filled(text))
    return identity.normalize(text)


def clean_students_number(text):
    """The ID number, "" where the student has none yet: an empty cell, 無, or a passport's number, which is no ID number."""
    if is_blank(text) or PASSPORT.fullmatch(identity.normalize(text)):
        return ""
    return clean_identity_number(text)


def is_blank(text):
    """Whether a cell says that there is nothing to say."""
    return text.strip(" -－—–.／/").casefold() in NOTHING


def clean_birth_on(text):
    """The birthday; where it is written with 16:00, as systems in UTC write a midnight of Taipei, the day after."""
    try:
        written = read_date(filled(text))
    except ValueError:
        raise ValidationError(_("日期格式無法辨識，請寫成 97/05/03 或 2008-05-03。")) from None
    day = written.day + timedelta(days=1) if written.time == MIDNIGHT_OF_TAIPEI else written.day
    today = timezone.localdate()
    if day > today or day.year <= today.year - 100:
        raise ValidationError(_("出生日期不合理，請再核對。"))
    return day


def clean_homeroom_account(text):
    """An account stands in mails and in the event log, so it may not even look like an ID number."""
    if identity.may_be_in(text):
        raise ValidationError(_("帳號不能用證號，請換一個。"))
    if not re.fullmatch(r"[A-Za-z0-9._\-]{1,40}", filled(text)):
        raise ValidationError(_("導師帳號只能有英文字母、數字、點、底線和連字號。"))
    return text.lower()


def clean_homeroom_accounts(text):
    """One account or two, or e-mail addresses in their place; "" where the class keeps the teachers it has."""
    if is_blank(text):
        return ""
    parts = [part for part in BETWEEN_TEACHERS.split(text) if part]
    if len(parts) > len(HomeroomDuty.PLACES):
        raise ValidationError(_("一班最多寫兩位導師的帳號。"))
    return homeroom.BETWEEN.join(
        dict.fromkeys(clean_teachers_email(part) if "@" in part else clean_homeroom_account(part) for part in parts)
    )


def clean_teachers_email(text):
    """An address that has an account before its @."""
    email = emails.clean(text)
    clean_homeroom_account(email.partition("@")[0])
    return email


def clean_homeroom_name(text):
    """One name or two: 王老師、李老師."""
    parts = [names.tidy(part) for part in re.split(r"[、，,;；/／]", text)]
    return short_enough(homeroom.BETWEEN.join(part for part in parts if part), limit=60)


def clean_homeroom_contact(text):
    return short_enough(text, limit=80)


def short_enough(text, *, limit):
    if len(text) > limit:
        raise ValidationError(_("最多 %(limit)d 個字。") % {"limit": limit})
    return text


def optional(clean):
    return lambda text: clean(text) if text else ""


CLEANERS = {
    "class_name": clean_class_name,
    "seat_number": clean_seat_number,
    "student_number": clean_student_number,
    "name": clean_name,
    "identity_number": clean_students_number,
    "birth_on": clean_birth_on,
    "homeroom_account": clean_homeroom_accounts,
    "homeroom_name": clean_homeroom_name,
    "homeroom_contact": clean_homeroom_contact,
}
# What a form asks of one account is more than what a cell may hold.
TYPED = {"homeroom_account": clean_homeroom_account, "identity_number": clean_identity_number}
GUARDIAN_CLEANERS = {
    "name": clean_name,
    "relationship": lambda text: short_enough(text, limit=20),
    "identity_number": lambda text: "" if is_blank(text) else clean_identity_number(text),
    "mobile": optional(mobiles.normalize),
    "email": optional(emails.clean),
}
