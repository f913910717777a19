"""What happens to people and accounts that rooms above may want to act on."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.dispatch import Signal

# Sent inside the transaction, with `user`: a family's portal password was changed.
portal_password_changed = Signal()

# Sent inside the transaction, with `user`: the helpdesk gave a family's account its initial password again.
portal_password_reset = Signal()

# Asked with `student`. A receiver returns the bound parents whose mailbox is proved, as `Reader`s.
bound_readers_asked = Signal()

# Asked with `student`. A receiver returns the addresses that a reset of the family's password is mailed to.
reset_audience_asked = Signal()

# Asked with `school` and `email`. A receiver returns the keys of the school's students whose parent has it.
children_asked = Signal()

# Asked with `account`. A receiver returns the children bound to this SSO account, as `BoundChild`ren.
bound_children_asked = Signal()

# Sent inside the transaction, with `users`: every session of these people ends.
sessions_ended = Signal()

# Asked inside the transaction, with `user`, who logs out: a receiver returns what this person should know, in words.
leaving = Signal()

# Sent with `session`, what one session holds: this one ends, the person's others go on.
session_ended = Signal()

# Sent inside the transaction, with `user`: the person has a new password.
password_changed = Signal()

# Sent inside the transaction, with `user`, a parent who gives the account up.
account_left = Signal()

# Sent inside the transaction, with `user`: a member of staff said who they are, by the own ID number.
staff_number_kept = Signal()


@dataclass(frozen=True)
class BoundChild:
    """A child as far as a client may hear of it: `student` with its school and class, and who the parent is to it."""

    student: object
    relationship: str


# Sent inside the transaction, with `user`: a parent whose account was never opened asks for the opening mail again.
opening_asked = Signal()

# Sent with `user`, a parent: in which language does this person read? A receiver returns its code, or nothing.
language_asked = Signal()
# Asked inside the transaction, with `message` and `by`: the helpdesk wants a mail sent again that carried a link. The
# room that wrote it mails a new link to the same person, or does not, and returns whether it did; it raises
# `helpdesk.ResentEnough` where that was done too often.
fresh_link_asked = Signal()


@dataclass(frozen=True)
class PersonSeen:
    """A parent or applicant as far as the helpdesk may see: no ID number. `user`: the account, where there is one."""

    name: str
    relationship: str
    email: str
    state: str
    is_proved: bool = False
    last_login: datetime | None = None
    user: Any = None


@dataclass(frozen=True)
class HowFar:
    """Where a family stands in the words that it reads itself, and who is or wants to be bound."""

    kind: str
    title: str
    body: str
    also: str = ""
    deadline: date | None = None
    paper_on: date | None = None
    is_paper_asked: bool = False
    people: list[PersonSeen] = field(default_factory=list)


# Asked with `student`: a receiver returns a list with one `HowFar`.
how_far_asked = Signal()
