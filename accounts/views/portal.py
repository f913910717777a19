"""The school's portal: choose the school, its front page, log-in of families and staff, log-out."""

from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts import captchas, log_in, login_flow, sessions
from accounts import log_out as leaving
from accounts.forms import FamilyLoginForm, StaffLoginForm, tidy
from accounts.throttle import Paused
from registry.access import public_school_page
from registry.deadlines import deadline_of
from registry.models import School
from registry.roles import AccountKind


@login_not_required
def home(request):
    """Choose the school."""
    query = tidy(request.GET.get("q", "").replace("\0", ""))[:40]
    schools = School.objects.active().order_by("name")
    if query:
        schools = schools.filter(name__icontains=query)
    return render(request, "accounts/home.html", {"schools": schools[:50], "query": query})


@public_school_page
def school_front(request):
    """The family that is logged in sees its own deadline, everybody else the school's."""
    user = request.user
    is_family = user.is_authenticated and user.kind == AccountKind.FAMILY
    if is_family and user.school_id == request.school.pk:
        deadline = deadline_of(user.student)
    else:
        deadline = request.school.binding_deadline
    return render(request, "accounts/school_front.html", {"deadline": deadline})


@public_school_page
def family_login(request):
    return _login_page(request, FamilyLoginForm, log_in.log_in_family, "accounts/login.html", role="family")


@public_school_page
def staff_login(request):
    return _login_page(request, StaffLoginForm, log_in.log_in_staff, "accounts/login.html", role="staff")


@login_not_required
def city_login(request):
    request.school = None
    return _login_page(request, StaffLoginForm, log_in.log_in_staff, "accounts/city_login.html", role="city")


@never_cache
@sensitive_post_parameters()
def _login_page(request, form_class, log_in, template, *, role):
    if request.method != "POST":
        return _draw(request, template, form_class(initial=_typed_account(request.GET)), role)
    if "another" in request.POST:
        return _draw(request, template, form_class(initial=_typed_account(request.POST)), role)
    form = form_class(request.POST)
    problem = "incomplete"
    if form.is_valid():
        user, problem = _try(request, form, log_in)
        if user:
            sessions.enter(request, user)
            return redirect(where_next(request, user))
    return _draw(request, template, form, role, problem)


def _try(request, form, log_in):
    if not form.captcha_fits(request):
        return None, "refused"
    try:
        user = log_in(
            school=request.school, account=form.cleaned_data["account"], password=form.cleaned_data["password"]
        )
    except Paused as paused:
        return None, paused
    return user, "refused"


def _typed_account(data):
    return {"account": data.get("account", "")[:60]}


def _draw(request, template, form, role, problem=""):
    """Every drawing hands out a new captcha; the account that was typed stays, the old answer goes."""
    if form.is_bound:
        form.data = {**form.data.dict(), "captcha": ""}
    context = {
        "form": form,
        "role": role,
        "problem": problem,
        "captcha": captchas.hand_out(request),
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "ran_out": sessions.ran_out(request.session),
    }
    return render(request, template, context)


def where_next(request, user):
    """The page someone came for, when it is ours and for such an account; else their home."""
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if wanted and is_ours and _is_open_to(user, wanted) else login_flow.home_of(user)


def _is_open_to(user, address):
    try:
        kind = login_flow.is_for(resolve(urlsplit(address).path))
    except Resolver404:
        return False
    return kind in (None, user.kind)


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
