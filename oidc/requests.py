"""One authorization request, validated: who asks for what, and where the answer goes."""

import hashlib
import time
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.core import signing
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import get_supported_language_variant
from oauth2_provider.oauth2_backends import get_oauthlib_core

from accounts import reauthentication
from oidc import keys, pairwise
from oidc.models import Client

ASKED = "login_asked"  # our own parameter: a log-in was asked for, at this moment, for this very request
ASKED_SECONDS = 30 * 60
PROMPTS = {"none", "login", "consent", "select_account"}


@dataclass
class AuthorizationRequest:
    query: QueryDict
    client: Client
    scopes: list[str]
    credentials: dict = field(repr=False)

    @classmethod
    def read(cls, query):
        """Raises oauthlib's FatalClientError when nobody may be told, and OAuth2Error for the client to hear."""
        scopes, credentials = server().validate_authorization_request(address_of(query))
        return cls(query, credentials["request"].client, scopes, credentials)

    @property
    def address(self):
        return address_of(self.query)

    @property
    def prompts(self):
        return PROMPTS & set(self.query.get("prompt", "").split())

    @property
    def is_silent(self):
        return "none" in self.prompts

    def wants_new_login(self, session):
        """prompt=login, max_age: satisfied by a log-in that came after we asked for one."""
        moment = reauthentication.authenticated_at(session)
        max_age = self.query.get("max_age")
        is_old = max_age is not None and moment + int(max_age) <= time.time()
        if not is_old and not {"login", "select_account"} & self.prompts:
            return False
        return not self.was_answered(session)

    def was_answered(self, session):
        asked_at = self._asked_at()
        return asked_at is not None and reauthentication.authenticated_at(session) >= asked_at

    def _asked_at(self):
        try:
            asked_at, digest = signing.loads(self.query.get(ASKED, ""), salt=ASKED, max_age=ASKED_SECONDS)
        except signing.BadSignature:
            return None
        return asked_at if digest == self._digest() else None

    def _digest(self):
        return hashlib.sha256(address_of(without(self.query, ASKED, "login_hint")).encode()).hexdigest()

    def address_after_login(self):
        """Where the log-in leads back to. The hint is an e-mail address: it stays out of the address."""
        query = without(self.query, ASKED, "login_hint")
        query[ASKED] = signing.dumps([time.time(), self._digest()], salt=ASKED)
        return address_of(query)

    def is_about(self, user):
        """False when the client named another parent by an id_token of its own."""
        hint = self.query.get("id_token_hint")
        if not hint:
            return True
        claims = keys.read_own(hint)
        return (
            claims is not None
            and claims.get("aud") == self.client.client_id
            and claims.get("sub") == pairwise.subject(user, self.client)
        )

    @property
    def language(self):
        """The first of ui_locales that we speak, or None."""
        for tag in self.query.get("ui_locales", "").split()[:10]:
            try:
                return get_supported_language_variant(tag.lower()[:35])
            except LookupError:
                continue
        return None

    def seal(self, user):
        """For the consent page's form: exactly what was shown is what is agreed to, and by whom."""
        return signing.dumps(self.query.urlencode(), salt=f"consent {user.pk}", compress=True)

    @classmethod
    def unseal(cls, sealed, user):
        query = signing.loads(sealed, salt=f"consent {user.pk}", max_age=60 * 60)
        return cls.read(QueryDict(query))

    def create_code(self, user, authorization):
        """The address, at the client, that carries the code."""
        credentials = {
            **self.credentials, "client": self.client, "user": user, "authorization": authorization
        }  # fmt: skip
        headers, _body, _status = server().create_authorization_response(
            self.address, scopes=self.scopes, credentials=credentials
        )
        return with_issuer(headers["Location"])


def server():
    return get_oauthlib_core().server


def address_of(query):
    return f"{reverse('oidc:authorize')}?{query.urlencode()}"


def without(query, *names):
    query = query.copy()
    for name in names:
        query.pop(name, None)
    return query


def with_issuer(address):
    """Every answer says whose it is (RFC 9207), errors too, so that clients of several providers don't mix them up."""
    parts = urlsplit(address)
    query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != "iss"]
    return urlunsplit(parts._replace(query=urlencode([*query, ("iss", settings.SITE_URL)])))


def error_address(error):
    """The redirect that tells a client what was wrong; its redirect URI was validated before."""
    parts = urlsplit(error.redirect_uri)
    query = parse_qsl(parts.query, keep_blank_values=True) + error.twotuples
    return with_issuer(urlunsplit(parts._replace(query=urlencode(query))))
