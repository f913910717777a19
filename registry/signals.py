"""What happens to students that rooms above have to act on. All are sent inside the transaction."""

from dataclasses import dataclass

from django.dispatch import Signal

# `students` came from another school of the city, `by` a user: their accounts follow them.
students_moved_school = Signal()

# `students` graduated or left the city, `by` a user; each has the new `status`: bindings end.
students_ended = Signal()

# `roster_import` is about to be undone. A receiver returns words that say what stands in the way, or None.
undo_asked = Signal()

# Asked with `students` and `user`, who is about to change them. A receiver returns {key: words} of the own family's.
own_family_asked = Signal()


@dataclass(frozen=True)
class Endings:
    """What ends with the students of a graduation: bindings, how many families are told, applications on the way."""

    bindings: int
    families: int
    applications: int


# Asked with `students` (keys) who may graduate. A receiver returns `Endings`.
endings_asked = Signal()


@dataclass(frozen=True)
class Money:
    """Bills of a school year that are issued and neither voided nor given back: how many, how many paid, NT$.

    One in instalments is one bill. `received` is without what goes back.
    """

    bills: int = 0
    paid: int = 0
    owed: int = 0
    received: int = 0


# Asked with `school`, one or None for all. A receiver returns {key of a school: Money}.
money_asked = Signal()
