"""The way in: log-in, code, password, second factor, own number, home; which page of these is whose."""

from functools import wraps

from django.http import Http404
from django.urls import reverse
from django_otp import devices_for_user

from registry.roles import AccountKind, Role

# The first desk that someone with several roles comes to.
DESKS = {
    Role.HOMEROOM_TEACHER: "review:home",
    Role.REGISTRAR: "review:home",
    Role.CASHIER: "billing:cashier-batches",
    Role.PRINCIPAL: "review:census",
    Role.SCHOOL_ADMIN: "staff:staff-accounts",
    Role.HELPDESK: "staff:helpdesk",
}


def before_login_is_complete(view):
    """Mark a view that is open to who is logged in but still owes a password or a second factor."""
    view.before_login_is_complete = True
    return view


def second_factor_page(view):
    """A page of the second factor: for staff, and for parents who have one or are about to."""

    @before_login_is_complete
    @wraps(view)
    def opened(request, *args, **kwargs):
        if not request.user.owes_second_factor and not request.session.get("enrols_second_factor"):
            raise Http404
        return view(request, *args, **kwargs)

    return opened


def next_step_of(user):
    """The URL of the page that comes before all others for `user`, or None.

    The second factor comes before the password, so that a thief can't change a stolen password; without one yet,
    the own password comes first.
    """
    is_unproved = user.owes_second_factor and not user.is_verified()
    if is_unproved and any(devices_for_user(user)):
        return second_factor_url_of(user)
    if owes_code(user):
        return reverse("accounts:sso-code")
    if user.must_change_password:
        return password_url_of(user)
    if is_unproved:
        return second_factor_url_of(user)
    return reverse("staff:own-number", args=[user.school.slug]) if owes_number(user) else None


def owes_number(user):
    """A member of staff who decides about families says at the first log-in who they are."""
    return user.asks_number and user.wants_number


def owes_code(user):
    """The initial password is known to family and school; the mailbox is the owner's alone, and still to prove."""
    if user.kind != AccountKind.PARENT or user.has_usable_password():
        return False
    return user.sso_account.email_proved_at is None


def is_for(match):
    """The kind of account that the view of `match` is for; None where it is for several."""
    return getattr(match.func, "is_for", None)


def login_url_for(match):
    """The log-in page of the part of the site that `match` (a ResolverMatch) lies in."""
    if "school_slug" in match.kwargs:
        is_staffs = is_for(match) == AccountKind.STAFF
        name = "accounts:staff-login" if is_staffs else "accounts:login"
        return reverse(name, args=[match.kwargs["school_slug"]])
    if match.namespaces[:1] in (["admin"], ["city"]) or match.url_name in {
        "city-home",
        "city-password",
        "second-factor",
    }:
        return reverse("accounts:city-login")
    return reverse("accounts:sso-login")


def login_url_of(user):
    if user.kind == AccountKind.PARENT:
        return reverse("accounts:sso-login")
    if user.school is None:
        return reverse("accounts:city-login")
    name = "accounts:login" if user.kind == AccountKind.FAMILY else "accounts:staff-login"
    return reverse(name, args=[user.school.slug])


def password_url_of(user):
    if user.kind == AccountKind.PARENT:
        return reverse("accounts:sso-password")
    if user.school is None:
        return reverse("accounts:city-password")
    return reverse("accounts:password", args=[user.school.slug])


def second_factor_url_of(user):
    return reverse("accounts:second-factor")


def leads_to(response, following):
    """Say that the form on this page of log-in leads on to `following`, a URL of ours; returns the response.

    Whoever knows where that URL redirects to lets the page's forms go there (`oidc.csp_form_action`).
    """
    response.leads_to = following
    return response


def home_of(user):
    """The URL of the first page after the log-in is complete."""
    if user.kind == AccountKind.PARENT:
        return reverse("binding:sso-home")
    if user.kind == AccountKind.FAMILY:
        return reverse("binding:tasks", args=[user.school.slug])
    if user.school is None:
        return reverse("city:home" if user.is_staff else "accounts:home")
    return reverse("accounts:staff-home", args=[user.school.slug])
