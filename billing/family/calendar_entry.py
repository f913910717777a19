"""The last day of a bill as an entry for a calendar (RFC 5545)."""

from datetime import UTC, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

MOST_OCTETS = 75
# Nine in the morning, three days before: counted from the midnight at which the day begins.
ALARM = "-P2DT15H"


def of_bill(bill):
    """The bytes of a calendar with one all-day entry. The child's name is masked: calendars are shared."""
    about = {"title": bill.title_for_reader(), "name": bill.student.masked_name}
    summary = _("繳費期限：%(title)s（%(name)s）") % about
    address = settings.SITE_URL + reverse("billing:bill", args=[bill.pk])
    words = _("%(school)s，NT$%(amount)s。如果已經繳清，請不用理會。")
    description = words % {"school": bill.school.name, "amount": f"{bill.amount:,}"}
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//parent-child binding//bills//ZH",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:bill-{bill.pk}@{urlsplit(settings.SITE_URL).hostname}",
        f"DTSTAMP:{timezone.now().astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{bill.due_on:%Y%m%d}",
        f"DTEND;VALUE=DATE:{bill.due_on + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{escape(summary)}",
        f"DESCRIPTION:{escape(description)}",
        f"URL:{address}",
        "TRANSP:TRANSPARENT",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"TRIGGER:{ALARM}",
        f"DESCRIPTION:{escape(summary)}",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{fold(line)}\r\n" for line in lines).encode()


def escape(text):
    r"""Text of a value: \ ; , and line ends (3.3.11); other control characters can't stand in it at all."""
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")
    return "".join(one for one in text if one >= " " and one != "\x7f")


def fold(line):
    """No line longer than 75 octets, and no character cut in two (3.1)."""
    folded, length = "", 0
    for one in line:
        octets = len(one.encode())
        if length + octets > MOST_OCTETS:
            folded, length = folded + "\r\n ", 1
        folded, length = folded + one, length + octets
    return folded
