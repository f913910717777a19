"""What the family's and the desks' pages may ask of applications."""

from binding.progress import PILLS
from binding.standing import ended_words
from binding.standing_words import SAYS, State


def pill_kind(status):
    """The mark that goes with a status: a kind of components/pill.html."""
    return PILLS[status]


def family_says(state):
    """What is said of a family in this `State`, for mails that lead there: title and act."""
    return SAYS[State(state)]


FUNCTIONS = {"ended_words": ended_words, "family_says": family_says}
FILTERS = {"pill_kind": pill_kind}
