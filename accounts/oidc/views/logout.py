"""Log-out that a client asks for (OpenID Connect RP-Initiated Logout)."""

from dataclasses import dataclass

from django.contrib.auth import logout as end_session
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import QueryDict
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Client
from accounts.oidc import keys, pairwise, sign_ons, way_back
from accounts.oidc.views.authorize import SeeOther
from audit import log
from registry.access import parent_only
from registry.roles import AccountKind

SALT = "log-out"


class Invalid(Exception):
    """The request names a client or an address that is not so; the words are for its developer."""


@dataclass
class LogoutRequest:
    client: Client | None
    claims: dict | None
    address: str

    @classmethod
    def read(cls, query):
        """Raises Invalid: then nobody is sent anywhere."""
        claims = None
        if hint := query.get("id_token_hint"):
            claims = keys.read_own(hint)
            if claims is None:
                raise Invalid("id_token_hint")
        client_id = query.get("client_id") or (claims or {}).get("aud", "")
        if claims and claims["aud"] != client_id:
            raise Invalid("client_id")
        client = Client.objects.filter(client_id=client_id.replace("\0", ""), is_active=True).first()
        if client_id and client is None:
            raise Invalid("client_id")
        address = query.get("post_logout_redirect_uri", "")
        if address and not (client and client.post_logout_redirect_uri_allowed(address)):
            raise Invalid("post_logout_redirect_uri")
        if address and (state := query.get("state")):
            address += ("&" if "?" in address else "?") + urlencode({"state": state})
        return cls(client, claims, address)

    def is_of(self, request):
        """The hint was given out in this very session: nobody has to be asked."""
        return bool(
            self.claims
            and self.client
            and self.claims.get("sid") == request.session.get(sign_ons.SID)
            and self.claims.get("sub") == pairwise.subject(request.user, self.client)
        )


@login_not_required
@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def logout(request):
    """A POST from another site brings no session along (SameSite): it is asked to come again by GET."""
    if request.method == "POST":
        return SeeOther(f"{request.path}?{request.POST.urlencode()}")
    try:
        asked = LogoutRequest.read(request.GET)
    except Invalid as problem:
        return render(request, "accounts/service_logout_invalid.html", {"problem": problem}, status=400)
    if not (request.user.is_authenticated and request.user.kind == AccountKind.PARENT):
        return SeeOther(asked.address) if asked.address else redirect("accounts:sso-login")
    if asked.is_of(request):
        return leave(request, asked)
    sealed = signing.dumps(request.GET.urlencode(), salt=SALT, compress=True)
    page = render(request, "accounts/service_logout.html", {"client": asked.client, "sealed": sealed})
    return way_back.allow(page, asked.address)


@never_cache
@require_POST
@parent_only
def logout_confirm(request):
    try:
        query = signing.loads(request.POST.get("request", ""), salt=SALT, max_age=60 * 60)
        asked = LogoutRequest.read(QueryDict(query))
    except (signing.BadSignature, Invalid) as error:
        raise BadRequest from error
    if request.POST.get("answer") != "leave":
        return redirect("binding:sso-home")
    return leave(request, asked)


def leave(request, asked):
    with transaction.atomic():
        log.record("logout", by=request.user, target=request.user)
        end_session(request)
    return SeeOther(asked.address) if asked.address else redirect("accounts:sso-login")
