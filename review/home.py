"""The classes whose desk somebody may open, each with how far its families and its reviews are."""

from dataclasses import dataclass

from accounts.models import User
from core.languages import joined
from registry.models import School, SchoolClass
from review.census.lines import class_tallies
from review.census.tallies import Tally


@dataclass(frozen=True)
class ClassLine:
    """One class and its figures, as they are counted in the census."""

    school_class: SchoolClass
    tally: Tally

    @property
    def teachers(self) -> str:
        """Who teaches the class today; a substitute is said to be one by the page that needs it."""
        return joined(duty.name or duty.account for duty in self.school_class.homerooms)


def class_lines(school: School, user: User) -> list[ClassLine]:
    """The classes of `user`'s desk in their order; five queries, whatever their number."""
    classes = SchoolClass.objects.of_reviewer(user).with_homeroom().in_order()
    tallies = class_tallies(school)
    return [ClassLine(one, tallies.get(one.pk, Tally())) for one in classes]
