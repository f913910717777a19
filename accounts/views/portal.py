"""The school's portal: choose the school, its front page, log-in of families and staff, log-out."""

from functools import partial

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts import log_in, login_flow
from accounts import log_out as leaving
from accounts.doors import Door, where_next
from accounts.forms import FamilyLoginForm, StaffLoginForm, tidy
from registry.access import public_school_page
from registry.deadlines import deadline_of
from registry.levels import in_groups
from registry.models import School
from registry.roles import AccountKind

FEW = 12  # schools that need no headings


@login_not_required
def home(request):
    """Choose the school: by a search, by level and district, or the one chosen last in this browser."""
    query = tidy(request.GET.get("q", "").replace("\0", ""))[:40]
    schools = list(School.objects.active().order_by("name"))
    last = next((one for one in schools if one.slug == request.COOKIES.get(settings.SCHOOL_COOKIE_NAME)), None)
    found = [one for one in schools if one.is_called(query)] if query else schools
    groups = in_groups(schools) if not query and len(schools) > FEW else []
    context = {"query": query, "last": last, "found": found, "groups": groups}
    return render(request, "accounts/home.html", context)


def remember_school(response, school):
    """The next visit begins with this school; the cookie holds its name in addresses, nothing of a person."""
    response.set_cookie(
        settings.SCHOOL_COOKIE_NAME,
        school.slug,
        max_age=settings.SCHOOL_COOKIE_DAYS * 24 * 60 * 60,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


@public_school_page
def school_front(request):
    """The family that is logged in sees its own deadline, everybody else the school's."""
    user = request.user
    is_family = user.is_authenticated and user.kind == AccountKind.FAMILY
    if is_family and user.school_id == request.school.pk:
        deadline = deadline_of(user.student)
    else:
        deadline = request.school.binding_deadline
    return remember_school(render(request, "accounts/school_front.html", {"deadline": deadline}), request.school)


@never_cache
@sensitive_post_parameters()
@public_school_page
def family_login(request):
    door = Door(
        role="family",
        form_class=FamilyLoginForm,
        template="accounts/login.html",
        log_in=partial(log_in.log_in_family, school=request.school),
        wants_captcha=partial(log_in.family_wants_captcha, request.school),
    )
    return remember_school(door.answer(request, nothing_more), request.school)


@never_cache
@sensitive_post_parameters()
@public_school_page
def staff_login(request):
    return _staff_door(request, "staff", "accounts/login.html")


@never_cache
@sensitive_post_parameters()
@login_not_required
def city_login(request):
    request.school = None
    return _staff_door(request, "city", "accounts/city_login.html")


def _staff_door(request, role, template):
    """Who works here already goes on to the desk: a bookmark of this page costs no second log-in."""
    user, school = request.user, request.school
    is_here = user.is_authenticated and user.kind == AccountKind.STAFF and user.school_id == (school and school.pk)
    if request.method == "GET" and is_here and user.is_verified():
        return redirect(where_next(request, user))
    door = Door(
        role=role,
        form_class=StaffLoginForm,
        template=template,
        log_in=partial(log_in.log_in_staff, school=request.school),
        wants_captcha=partial(log_in.staff_wants_captcha, request.school),
    )
    return door.answer(request, nothing_more)


def nothing_more(request, user):
    """After a log-in that has no more to do than to enter."""


@public_school_page
def staff_home(request):
    """Send a member of staff to the own desk."""
    user = request.user
    if not user.is_authenticated or user.kind != AccountKind.STAFF or user.school_id != request.school.pk:
        raise Http404
    for role, desk in login_flow.DESKS.items():
        if role in user.roles:
            return redirect(desk, request.school.slug)
    return render(request, "accounts/staff_home.html")


@require_POST
@login_not_required
def log_out(request):
    """End the session; pressing it twice, or after it ran out, does no harm."""
    if not request.user.is_authenticated:
        return redirect("accounts:home")
    return redirect(leaving.log_out(request))
