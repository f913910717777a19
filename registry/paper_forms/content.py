"""What stands on the forms of a class, as typesetting takes it. Never an ID number."""

from urllib.parse import quote

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from core.printing.glyphs import pieces_of
from core.printing.marks import bars_svg, qr_svg
from registry.paper_forms import codes
from registry.paper_forms.texts import words


def facts_of(students, *, school, language, return_on):
    """The forms of `students`, all of one class and school year, in this order."""
    year = students[0].school_class.school_year
    address = settings.SITE_URL + reverse("accounts:school", args=[school.slug])
    return {
        "words": words(language, return_on=return_on, school_year=year),
        "school": school.name,
        "address": address.partition("://")[2],
        "contacts": contacts_of(school, language),
        "forms": [form_of(student, school) for student in students],
    }


def contacts_of(school, language):
    with translation.override(language):
        return {
            "helpdesk": str(school.helpdesk_contact),
            "registrar": str(school.registrar_contact),
            "cashier": str(school.cashier_contact),
        }


def form_of(student, school):
    code = codes.code_for(student)
    login = reverse("accounts:login", args=[school.slug])
    name = pieces_of(student.name)
    return {
        "class": student.school_class.name,
        "seat": str(student.seat_number),
        "name": name,
        "longest_word": max(map(len, student.name.split()), default=0),
        "has_gap": None in name,
        "number": student.student_number,
        "account": student.portal_account,
        "login_qr": qr_svg(f"{settings.SITE_URL}{login}?account={quote(student.portal_account)}"),
        "return_qr": qr_svg(settings.SITE_URL + reverse("review:paper-form", args=[school.slug, code])),
        "code": codes.in_groups(code),
        "bars": bars_svg(code),
    }
