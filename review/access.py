"""Who may open the pages of review, and what a reviewer reads of an application that was withdrawn meanwhile."""

from datetime import date, datetime
from functools import wraps

from django.contrib import messages
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from binding.models import Application
from core.compiled import compiled
from core.way_back import redirect_back
from registry.access import staff_only
from registry.models import SchoolClass
from registry.roles import Reviewer, Role

reviewers_only = staff_only(Role.HOMEROOM_TEACHER, Role.REGISTRAR)


def found_for_reviewer(build):
    """From a queryset of (reviewer, on, at, pk) to a function of (user, pk): the row, None outside one's desk.

    `on` and `at` are the day and the moment of asking; the queryset uses both. It is built once for either role.
    """

    @compiled(pk=int, school=int, on=date, at=datetime)
    @wraps(build)
    def as_registrar(pk, school, on, at):
        return build(Reviewer(school, Role.REGISTRAR), on, at, pk)

    @compiled(pk=int, school=int, account=str, on=date, at=datetime)
    @wraps(build)
    def as_teacher(pk, school, account, on, at):
        return build(Reviewer(school, Role.HOMEROOM_TEACHER, account), on, at, pk)

    def find(user, pk):
        whose = {"pk": pk, "school": user.school_id, "on": timezone.localdate(), "at": timezone.now()}
        if Role.REGISTRAR in user.roles:
            return as_registrar.first(**whose)
        if Role.HOMEROOM_TEACHER in user.roles:
            return as_teacher.first(**whose, account=user.account)
        return None

    return find


def find_class(user, pk):
    """The class, if `user` may open its desk; else 404."""
    if Role.REGISTRAR in user.roles:
        found = _class_of_registrar.first(pk=pk, school=user.school_id)
    else:
        of_teacher = {"school": user.school_id, "account": user.account, "on": timezone.localdate()}
        found = _class_of_teacher.first(pk=pk, **of_teacher) if Role.HOMEROOM_TEACHER in user.roles else None
    if found is None:
        raise Http404
    return found


@compiled(pk=int, school=int)
def _class_of_registrar(pk, school):
    return SchoolClass.objects.of_reviewer(Reviewer(school, Role.REGISTRAR)).filter(pk=pk).order_by()


@compiled(pk=int, school=int, account=str, on=date)
def _class_of_teacher(pk, school, account, on):
    return (
        SchoolClass.objects.of_reviewer(Reviewer(school, Role.HOMEROOM_TEACHER, account), on).filter(pk=pk).order_by()
    )


def unless_withdrawn(view):
    """Say that the family withdrew the application, where the page could only answer 404."""

    @wraps(view)
    def opened(request, pk, **more):
        try:
            return view(request, pk, **more)
        except Http404:
            gone = Application.objects.withdrawn_from(request.user).filter(pk=pk).select_related("student").first()
            if gone is None:
                raise
        words = _("%(seat)s 號 %(name)s 的家長已經撤回這份申請，不必審核了。")
        messages.info(request, words % {"seat": gone.student.seat_number, "name": gone.student.name})
        return redirect_back(request, "review:class", request.school.slug, gone.student.school_class_id)

    return opened
