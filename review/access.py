"""Who may open the pages of review, and what a reviewer reads of an application that was withdrawn meanwhile."""

from functools import wraps

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from binding.models import Application
from registry.access import staff_only
from registry.roles import Role

reviewers_only = staff_only(Role.HOMEROOM_TEACHER, Role.REGISTRAR)


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
        return redirect("review:class", request.school.slug, gone.student.school_class_id)

    return opened
