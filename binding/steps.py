"""Guards of the family's pages: no step can be skipped by typing the URL of a later one."""

from functools import wraps

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect

from accounts import log_out, sessions
from binding.models import Application
from binding.progress import NotYet, Progress
from binding.standing import Standing
from registry.access import family_only


def step(check=None):
    """Open a page to the family once `check` (a method of Progress) allows; sets `request.progress`."""

    def decorate(view):
        @family_only
        @wraps(view)
        def opened(request, *args, **kwargs):
            request.user.student.school = request.school  # the same row, so that nobody asks for it again
            request.progress = Progress.of(request.user.student, sessions.mark_of(request.session))
            request.standing = Standing(request.progress)
            try:
                if check:
                    check(request.progress)
            except NotYet as reason:
                messages.info(request, str(reason))
                return redirect("binding:tasks", request.school.slug)
            return view(request, *args, **kwargs)

        return opened

    return decorate


def onward(request, *, again=False):
    """Straight on to the next page of the line, by what is true after what was just done."""
    return redirect(Standing(Progress.of(request.user.student)).next_address(again=again))


def leave(request, *, also=""):
    """暫存離開: what was filled in is kept by now; log out, and say so where one logs in again."""
    return redirect(log_out.log_out(request, also=also))


def editable_application(request, position=1):
    """The family's application, if the applicant at `position` may be edited: in a draft, or undecided after it. Else 404."""
    application = request.progress.application
    if application is None or position not in application.positions:
        raise Http404
    one = application.applicant_at(position)
    if application.status == Application.Status.DECIDED or (
        application.is_submitted and not (one and one.is_undecided)
    ):
        raise Http404
    return application
