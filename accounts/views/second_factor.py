"""The second factor of staff: enrol with a QR code, then a six-digit code at every log-in."""

import qrcode
import qrcode.image.svg
from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django_otp import devices_for_user, login

from accounts import login_flow, reauthentication, second_factor, sessions, trusted_devices
from accounts.forms import OwnPasswordForm, SecondFactorForm, TokenForm
from audit import log
from registry.access import parent_only


@login_flow.second_factor_page
@never_cache
def second_factor_page(request):
    """Ask for a code; who has no device yet enrols one first."""
    if request.user.is_verified() or not request.user.owes_second_factor:
        return redirect(login_flow.home_of(request.user))
    if not any(devices_for_user(request.user)):
        return redirect("accounts:second-factor-setup")
    request.school = request.user.school
    offers = trusted_devices.is_offered(request.user)
    form = (SecondFactorForm if offers else TokenForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        device = second_factor.matching_device(form, request.user)
        if device:
            response = _let_in(request, device)
            if form.cleaned_data.get("remembers"):
                trusted_devices.trust(request, response, device)
            return response
    page = render(request, "accounts/second_factor.html", {"form": form})
    return login_flow.leads_to(page, request.session.get("came_for", ""))


@login_flow.second_factor_page
@never_cache
def setup(request):
    """Enrol an authenticator app: scan, then prove it with the first code."""
    if any(devices_for_user(request.user)):
        return redirect("accounts:second-factor")
    if request.user.must_change_password:
        return redirect(login_flow.password_url_of(request.user))
    request.school = request.user.school
    device = second_factor.device_in_setup(request.user)
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and second_factor.proves_setup(form, device):
        second_factor.enrol(device)
        request.session.pop("enrols_second_factor", None)
        request.session["shows_recovery_codes"] = True
        return _let_in(request, device, to="accounts:recovery-codes")
    context = {"form": form, "qr": _draw_qr(device.address), "secret": second_factor.readable_key(device)}
    return render(request, "accounts/second_factor_setup.html", context)


@login_flow.second_factor_page
@never_cache
def recovery_codes(request):
    """Make recovery codes and show them, once, right after the second factor was set up."""
    if not request.user.is_verified():
        return redirect("accounts:second-factor")
    if not request.session.pop("shows_recovery_codes", False):
        return redirect(login_flow.home_of(request.user))
    request.school = request.user.school
    codes = second_factor.write_recovery_codes(request.user)
    return render(
        request,
        "accounts/recovery_codes.html",
        {"codes": codes, "next": request.session.pop("came_for", None) or login_flow.home_of(request.user)},
    )


def _let_in(request, device, to=None):
    with transaction.atomic():
        log.record("second_factor.passed", by=request.user, target=device)
    login(request, device)
    sessions.know_device(request, request.user)
    return redirect(to or request.session.pop("came_for", None) or login_flow.home_of(request.user))


def _draw_qr(text):
    image = qrcode.make(text, image_factory=qrcode.image.svg.SvgPathImage, box_size=12, border=2)
    return image.to_string(encoding="unicode")


@never_cache
@sensitive_post_parameters()
@parent_only
def own_second_factor(request):
    """第二道驗證, which a parent may turn on and off: the own password, either way."""
    form = OwnPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and reauthentication.fits(form, "password", request.user):
        if request.user.has_second_factor:
            second_factor.turn_off(request.user)
            sessions.stay_logged_in(request, request.user)
            messages.success(request, _("已關閉第二道驗證。"))
            return redirect("binding:account")
        request.session["enrols_second_factor"] = True
        return redirect("accounts:second-factor-setup")
    return render(request, "accounts/own_second_factor.html", {"form": form})
