"""A bounce as it comes by mail: to whom it was sent, and what servers answered of each address.

Postfix and Exim send a multipart/report, OpenSMTPD a multipart/mixed whose answer stands in the text alone. Nothing but the
parts right below the letter is read: further down is the mail that came back, whoever wrote it.
"""

import email
import email.policy
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message as Letter

from django.utils.encoding import punycode

from core import emails
from notifications.bounces.verdict import Refusal

REPORTS = ("message/delivery-status", "message/global-delivery-status")
ARRIVED_AT = ("delivered-to", "x-original-to", "envelope-to", "to")


@dataclass(frozen=True)
class Report:
    """What became of one address."""

    addresses: frozenset[str]
    refusal: Refusal


def read(raw: bytes) -> Letter:
    # Headers are not parsed further than asked for: a malformed one is nobody's failure.
    return email.message_from_bytes(raw, policy=email.policy.compat32)


def is_from_a_person(letter: Letter) -> bool:
    """Whether a sender stands on its envelope, as on no bounce; relays that note none leave it open.

    A pipe of Postfix writes MAILER-DAEMON for none.
    """
    path = field(letter, "return-path").strip("<>").lower()
    return path.partition("@")[0] not in ("", "mailer-daemon")


def arrived_at(letter: Letter) -> str:
    """All the addresses that it was sent to, as they stand there."""
    return " ".join(value for name in ARRIVED_AT for value in fields(letter, name))


def reports_in(letter: Letter) -> list[Report]:
    text = _text_of(letter)
    parts = [part for part in _parts(letter) if part.get_content_type() in REPORTS]
    return [_report(block, text) for part in parts for block in _blocks(part) if field(block, "final-recipient")]


def _report(block: Letter, text: str) -> Report:
    named = (field(block, name) for name in ("final-recipient", "original-recipient"))
    addresses = frozenset(_address(one) for one in named if one)
    _kind, _semicolon, diagnostic = field(block, "diagnostic-code").partition(";")
    words = diagnostic.strip() or _words_about(addresses, text)
    action = field(block, "action").lower()
    return Report(addresses, Refusal(action, field(block, "status"), words))


def _blocks(part: Letter) -> Iterator[Letter]:
    """The groups of fields of a report. Python takes one in UTF-8 for a mail with the first group as its headers."""
    for block in _parts(part):
        yield block
        rest = block.get_payload(decode=True)
        for group in rest.replace(b"\r\n", b"\n").split(b"\n\n") if isinstance(rest, bytes) else ():
            yield read(group)


def _parts(letter: Letter) -> list[Letter]:
    """The parts right below, none of a letter that has no parts."""
    payload = letter.get_payload()
    return [one for one in payload if isinstance(one, Letter)] if isinstance(payload, list) else []


def _text_of(letter: Letter) -> str:
    for part in _parts(letter):
        if part.get_content_type() == "text/plain":
            payload = part.get_payload(decode=True)
            return payload.decode(errors="replace") if isinstance(payload, bytes) else ""
    return ""


def _words_about(addresses: frozenset[str], text: str) -> str:
    """What the text says of an address: behind it on its line (OpenSMTPD), or on the lines set in below (Exim)."""
    lines = iter(text.splitlines())
    for line in lines:
        first, _colon, rest = line.strip().partition(": ")
        if _plain(first.rstrip(":").strip("<>")) in addresses:
            below = [rest]
            for further in lines:
                if not further.startswith("    "):
                    break
                below.append(further)
            return " ".join(" ".join(below).split())
    return ""


def _address(value: str) -> str:
    """The address of a "rfc822; somebody@example.com"."""
    return _plain(value.rpartition(";")[2].strip().strip("<>"))


def _plain(address: str) -> str:
    """As `Message.to` is compared: an international domain in the letters of the network."""
    local, at, domain = emails.normalize(address).rpartition("@")
    try:
        return f"{local}{at}{punycode(domain)}"
    except UnicodeError:
        return f"{local}{at}{domain}"


def is_about(report: Report, address: str) -> bool:
    return _plain(address) in report.addresses


def field(letter: Letter, name: str) -> str:
    return next(iter(fields(letter, name)), "")


def fields(letter: Letter, name: str) -> list[str]:
    """The values of a header, each on one line; bytes that nobody announced are read as UTF-8."""
    found = [str(value) for key, value in letter.raw_items() if key.lower() == name]
    raw = [one.encode(errors="surrogateescape").decode(errors="replace") for one in found]
    return [" ".join(one.split()) for one in raw]
