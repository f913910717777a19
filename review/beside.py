"""What review puts beside the registry's students and classes: answers, paper forms, bindings and reviews."""

from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from binding.models import Binding
from consent.models import ConsentDecision
from core.listing import Column, Filter
from registry.desks import Beside
from registry.models import School, SchoolClass, Student
from registry.roles import Role
from review.census.lines import class_tallies
from review.census.tallies import Tally
from review.models import PaperForm

REGISTRAR = frozenset({Role.REGISTRAR})
IS_ON_PAPER = Q(said_online__isnull=True, is_on_paper=True)
ANSWERS = {
    "agreed": (_("同意"), Q(said_online=ConsentDecision.Answer.AGREED)),
    "declined": (_("無意參加"), Q(said_online=ConsentDecision.Answer.DECLINED)),
    "on-paper": (_("以紙本為準"), IS_ON_PAPER),
    "silent": (_("未填答"), Q(said_online__isnull=True) & ~IS_ON_PAPER),
}
PAPERS = {
    "agree": (_("已收，同意"), Q(said_on_paper=PaperForm.Answer.AGREE)),
    "decline": (_("已收，不同意"), Q(said_on_paper=PaperForm.Answer.DECLINE)),
    "none": (_("未收"), Q(said_on_paper__isnull=True) | Q(said_on_paper=PaperForm.Answer.NOT_RECEIVED)),
}
BOUND = {"yes": (_("已綁定"), Q(people_bound__gt=0)), "no": (_("還沒有人綁定"), Q(people_bound=0))}


def with_standing(_school: School, students: QuerySet[Student]) -> QuerySet[Student]:
    """Each with the answer that stands, the paper form and how many people are bound today.

    Subqueries, not joins: the database asks them of the rows of a page alone, and a count of the list does without.
    """
    mine = {"student": OuterRef("pk")}
    answer = ConsentDecision.objects.filter(**mine).order_by("-pk")
    paper = PaperForm.objects.filter(**mine)
    bound = Binding.objects.active().filter(**mine).order_by().values("student").annotate(people=Count("pk"))
    return students.annotate(
        said_online=Subquery(answer.values("answer")[:1]),
        said_on_paper=Subquery(paper.values("answer")),
        is_on_paper=Subquery(paper.values("is_whole_answer")),
        people_bound=Coalesce(Subquery(bound.values("people"), output_field=IntegerField()), 0),
    )


def answer_of(one: Any) -> str:
    """What the family answered online, or that its paper is its answer."""
    if one.said_online:
        return str(ANSWERS[one.said_online][0])
    return str(ANSWERS["on-paper" if one.is_on_paper else "silent"][0])


def paper_of(one: Any) -> str:
    return str(PAPERS.get(one.said_on_paper, PAPERS["none"])[0])


def _choose(kinds: dict[str, Any], key: str, label: Any) -> Filter:
    words = [(value, word) for value, (word, _condition) in kinds.items()]
    return Filter(key, label, lambda rows, value: rows.filter(kinds[value][1]), words)


STUDENTS = Beside(
    columns=(
        Column("answer", _("意願"), answer_of, order=("said_online", "is_on_paper"), nulls_last=True, width=12),
        Column("paper", pgettext_lazy("many", "申請書"), paper_of, order=("said_on_paper",), nulls_last=True, width=14),
        Column(
            "bound", _("綁定（人）"), lambda one: one.people_bound, order=("people_bound",), is_number=True, width=10
        ),
    ),
    filters=(
        _choose(ANSWERS, "answer", _("意願")),
        _choose(PAPERS, "paper", pgettext_lazy("many", "申請書")),
        _choose(BOUND, "bound", _("綁定")),
    ),
    roles=REGISTRAR,
    prepare=with_standing,
    order=10,
)


def with_tallies(school: School, classes: list[SchoolClass]) -> list[SchoolClass]:
    """Each with `tally`, as the census counts it; three queries."""
    tallies = class_tallies(school)
    for one in classes:
        one.tally = tallies.get(one.pk, Tally())  # type: ignore[attr-defined]
    return classes


def _figure(key: str, heading: Any) -> Column:
    def read(one: Any) -> int:
        return int(getattr(one.tally, key))

    return Column(key, heading, read, order=read, is_number=True, width=10)


CLASSES = Beside(
    columns=(
        _figure("answered", _("已填答")),
        _figure("papers", _("已收申請書")),
        _figure("waiting", _("待審核")),
        _figure("bound", _("已綁定")),
    ),
    filters=(
        Filter(
            "show",
            _("情形"),
            lambda rows, value: [one for one in rows if getattr(one.tally, value)],
            [("waiting", _("有待審核的申請")), ("silent", _("有家庭還沒有填答")), ("mismatches", _("紙本與線上不同"))],
        ),
    ),
    roles=REGISTRAR,
    prepare=with_tallies,
    order=10,
)
