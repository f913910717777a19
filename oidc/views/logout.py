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

from audit import log
from oidc import csp_form_action, keys, pairwise, sign_ons
from oidc.models import Client, SignOn
from oidc.views.authorize import SeeOther
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

    def named_sign_on(self):
        """The live sign-on that the hint was given out in, when this client took part in it; None otherwise."""
        if not (self.claims and self.client):
            return None
        found = SignOn.objects.live().filter(sid=self.claims.get("sid", ""), authorizations__client=self.client)
        sign_on = found.select_related("user").first()
        is_its = sign_on and self.claims.get("sub") == pairwise.subject(sign_on.user, self.client)
        return sign_on if is_its else None


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
        return render(request, "oidc/logout_invalid.html", {"problem": problem}, status=400)
    is_parent = request.user.is_authenticated and request.user.kind == AccountKind.PARENT
    if is_parent and asked.is_of(request):
        return leave(request, asked)
    end_named(asked)
    if not is_parent:
        return go_back(asked)
    sealed = signing.dumps(request.GET.urlencode(), salt=SALT, compress=True)
    page = render(request, "oidc/logout.html", {"client": asked.client, "sealed": sealed})
    return csp_form_action.allow_onwards(page, asked.address)


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


@transaction.atomic
def end_named(asked):
    """End the sign-on that the hint names, where this browser has no session of it (any more): OpenID Connect
    RP-Initiated Logout 1.0, section 2, has the provider log out the session that the hint is of."""
    if sign_on := asked.named_sign_on():
        log.record("logout", by=sign_on.user, target=sign_on.user, data={"client": asked.client.client_id})
        sign_ons.end(SignOn.objects.filter(pk=sign_on.pk))


def leave(request, asked):
    with transaction.atomic():
        log.record("logout", by=request.user, target=request.user)
        end_session(request)
    return go_back(asked)


def go_back(asked):
    return SeeOther(asked.address) if asked.address else redirect("accounts:sso-login")
