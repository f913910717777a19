"""What a server's refusal says of the address, from what Postfix, Exim and OpenSMTPD answer (ADR 30).

Neither the action nor the status alone says it: Exim's status is 5.0.0 for everything, a full mailbox too, and the last
word of OpenSMTPD is "delayed".
"""

import re
from dataclasses import dataclass

from core import identity
from notifications.models import Message, Outcome

# RFC 3463: bad mailbox, bad host, moved without a forwarding address, null MX, unable to route.
GONE = {"5.1.1", "5.1.2", "5.1.6", "5.1.10", "5.4.4"}
DISABLED = "5.2.1"  # which big providers also say of a mailbox that gets too much
EXPIRED = "4.4.7"
ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
# At the beginning of what a server said: 550, 550 5.1.1, 550-5.1.1.
REPLY = re.compile(r"([245]\d\d)(?:[ -]([245]\.\d{1,3}\.\d{1,3})(?!\S))?(?![\w.])")
OCTAL = re.compile(r"(?:\\[0-3][0-7]{2})+")
MOST_READ = 2000  # characters of an answer
WORDS = Message._meta.get_field("server_words").max_length or 0


@dataclass(frozen=True)
class Refusal:
    """What one server answered of one address: the fields of a report, or an answer to our own attempt."""

    action: str
    status: str = ""
    words: str = ""

    @property
    def codes(self) -> list[str]:
        """Those that say something, the best first: the status, the enhanced code of the answer, its reply code."""
        reply = REPLY.match(self.words)
        status = ENHANCED.match(self.status)
        found = [status[0] if status else "", *((reply[2] or "", reply[1]) if reply else ())]
        return [one for one in found if one and not one.endswith(".0.0")]

    @property
    def code(self) -> str:
        """The best code, or what the status says in general."""
        return next(iter(self.codes), self.status[:12])

    @property
    def kept(self) -> dict[str, str]:
        """What a message keeps of it: ID numbers blotted out, one line, limited in length."""
        return {"server_code": self.code, "server_words": identity.blot_out(readable(self.words))[:WORDS]}


def outcome_of(refusal: Refusal) -> Outcome | None:
    """None where it is no failure, or not yet."""
    if refusal.action == "delayed" and refusal.status == EXPIRED:
        return Outcome.LOST
    if refusal.action != "failed":
        return None
    is_temporary = refusal.status.startswith("4.") or any(one.startswith("4") for one in refusal.codes)
    if is_temporary or refusal.code == DISABLED or "retry timeout exceeded" in refusal.words:
        return Outcome.LOST
    return Outcome.GONE if refusal.code in GONE else Outcome.REFUSED


def readable(words: str) -> str:
    """On one line, with the bytes that Exim writes in octal as the letters they are."""
    plain = OCTAL.sub(_letters, words[:MOST_READ])
    return " ".join("".join(one if one.isprintable() else " " for one in plain).split())


def _letters(found: re.Match[str]) -> str:
    return bytes(int(one, 8) for one in found[0].split("\\")[1:]).decode(errors="replace")
