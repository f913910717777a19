"""The classes whose desk somebody may open, each with how far its families and its reviews are."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import User
from core.languages import joined
from core.listing import Column, Filter, Listing
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


COLUMNS = (
    Column(
        "name",
        pgettext_lazy("many", "班級"),
        lambda one: one.school_class.name,
        order=lambda one: (one.school_class.sort_key, one.school_class.name),
        width=10,
    ),
    Column("teachers", gettext_lazy("導師"), lambda one: one.teachers, order=lambda one: one.teachers, width=24),
    Column("families", gettext_lazy("家庭"), lambda one: one.tally.families, is_number=True, is_shown=False),
    Column(
        "answered",
        gettext_lazy("已填答"),
        lambda one: one.tally.answered,
        order=lambda one: one.tally.share,
        is_number=True,
    ),
    Column(
        "papers",
        gettext_lazy("已收申請書"),
        lambda one: one.tally.papers,
        order=lambda one: one.tally.papers,
        is_number=True,
    ),
    Column(
        "waiting",
        gettext_lazy("待審核"),
        lambda one: one.tally.waiting,
        order=lambda one: one.tally.waiting,
        is_number=True,
    ),
    Column(
        "oldest",
        gettext_lazy("等最久（天）"),
        lambda one: one.tally.oldest_days,
        order=lambda one: -1 if one.tally.oldest_days is None else one.tally.oldest_days,
        is_number=True,
    ),
    Column(
        "mismatches",
        gettext_lazy("紙本與線上不同"),
        lambda one: one.tally.mismatches,
        order=lambda one: one.tally.mismatches,
        is_number=True,
    ),
    Column(
        "bound", gettext_lazy("已綁定"), lambda one: one.tally.bound, order=lambda one: one.tally.bound, is_number=True
    ),
)
SHOWN = {
    "waiting": (gettext_lazy("有待審核的申請"), lambda one: one.tally.waiting),
    "silent": (gettext_lazy("有家庭還沒有填答"), lambda one: one.tally.silent),
    "mismatches": (gettext_lazy("紙本與線上不同"), lambda one: one.tally.mismatches),
    "no-teacher": (gettext_lazy("還沒有導師"), lambda one: not one.teachers),
}
MOST = 200  # classes of a school in a year: all on one page


def list_of_classes(request: HttpRequest, lines: list[ClassLine]) -> Listing:
    """`lines` as the address asks for them."""
    return Listing(
        request,
        lines,
        name="classes-to-review",
        title=_("選擇班級"),
        columns=COLUMNS,
        filters=[
            Filter(
                "show",
                _("情形"),
                lambda rows, value: [one for one in rows if SHOWN[value][1](one)],
                [(key, word) for key, (word, _is_so) in SHOWN.items()],
            )
        ],
        sort="name",
        size=MOST,
    )
