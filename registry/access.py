"""Who may open a page of a school. Outside one's scope the answer is 404, never a hint.

Views carry exactly one of these decorators; each sets `request.school` from the address, and says for what kind
of account the view is. Accounts live in a room above, so a user is asked only for `kind`, `school`, `student`,
`roles` and `is_verified()`.
"""

from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import Http404

from core.compiled import compiled
from registry.models import School
from registry.roles import AccountKind, Role


def public_school_page(view):
    """Open to everyone, of a school that takes part."""

    @login_not_required
    @wraps(view)
    def opened(request, school_slug, *args, **kwargs):
        request.school = find_school(request, school_slug)
        return view(request, *args, **kwargs)

    return opened


def family_only(view):
    """Open to the families of this school; the child is `request.user.student`."""

    @wraps(view)
    def opened(request, school_slug, *args, **kwargs):
        request.school = find_school(request, school_slug)
        if request.user.kind != AccountKind.FAMILY or request.user.school_id != request.school.pk:
            raise Http404
        return view(request, *args, **kwargs)

    opened.is_for = AccountKind.FAMILY  # type: ignore[attr-defined]
    return opened


def staff_only(*roles):
    """Open to staff of this school who hold one of `roles` and have shown their second factor."""

    def decorate(view):
        @wraps(view)
        def opened(request, school_slug, *args, **kwargs):
            request.school = find_school(request, school_slug)
            if not may_work_as(request.user, request.school, roles):
                raise Http404
            return view(request, *args, **kwargs)

        opened.is_for = AccountKind.STAFF  # type: ignore[attr-defined]
        return opened

    return decorate


def city_only(view):
    """Open to staff of the city who have shown their second factor."""

    @wraps(view)
    def opened(request, *args, **kwargs):
        user = request.user
        is_city = user.kind == AccountKind.STAFF and user.school_id is None and user.is_staff
        if not is_city or not user.is_verified():
            raise Http404
        request.school = None
        return view(request, *args, **kwargs)

    opened.is_for = AccountKind.STAFF  # type: ignore[attr-defined]
    return opened


def parent_only(view):
    """Open to parents signed in with their SSO account."""

    @wraps(view)
    def opened(request, *args, **kwargs):
        if request.user.kind != AccountKind.PARENT:
            raise Http404
        return view(request, *args, **kwargs)

    opened.is_for = AccountKind.PARENT  # type: ignore[attr-defined]
    return opened


def may_work_as(user, school, roles):
    return (
        user.kind == AccountKind.STAFF
        and user.school_id == school.pk
        and user.is_verified()
        and not user.roles.isdisjoint(roles)
    )


def find_school(request, slug):
    """Take the school the user came with when it is the one in the address: it costs no query."""
    own = getattr(request.user, "school", None)
    if own is not None and own.slug == slug and own.is_active:
        return own
    school = _schools.first(slug=slug)
    if school is None:
        raise Http404
    return school


@compiled(slug=str)
def _schools(slug):
    return School.objects.active().filter(slug=slug).order_by()


registrars_only = staff_only(Role.REGISTRAR)
cashiers_only = staff_only(Role.CASHIER)
helpdesk_only = staff_only(Role.HELPDESK)
