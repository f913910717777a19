"""A client's side, by Authlib's own rules for OAuth and JOSE, over Django's test client instead of a network."""

import base64
import json
import secrets
from urllib.parse import parse_qs, urlsplit

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from django.conf import settings
from django.test import Client as Browser
from django.urls import reverse
from joserfc import jwt
from joserfc.jwk import KeySet


class RelyingParty:
    """One client; `browser` is the parent's, `direct` the line from server to server."""

    def __init__(self, client, browser=None, *, secret=None):
        self.client = client
        self.browser = browser or Browser()
        self.direct = Browser(enforce_csrf_checks=True)
        self.secret = secret or client.told_secret
        self.redirect_uri = client.redirect_uris.split()[0]
        self.state, self.nonce = secrets.token_urlsafe(16), secrets.token_urlsafe(16)
        self.verifier = secrets.token_urlsafe(48)

    # Through the browser

    def query(self, **changes):
        query = {
            "response_type": "code",
            "client_id": self.client.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": "openid profile email children",
            "state": self.state,
            "nonce": self.nonce,
            "code_challenge": create_s256_code_challenge(self.verifier),
            "code_challenge_method": "S256",
            **changes,
        }
        return {name: value for name, value in query.items() if value is not None}

    def ask(self, **changes):
        return self.browser.get(reverse("oidc:authorize"), self.query(**changes))

    def agree(self, page, answer="allow"):
        return self.browser.post(reverse("oidc:consent"), {"request": page.context["sealed"], "answer": answer})

    def get_code(self, **changes):
        response = self.ask(**changes)
        if response.status_code == 200:
            response = self.agree(response)
        return self.answer(response)["code"]

    def answer(self, response):
        """What came back to the client's address, where it came back."""
        assert response.status_code == 303, (response.status_code, response.content[:300])
        assert response.url.startswith(self.redirect_uri), response.url
        return {name: values[0] for name, values in parse_qs(urlsplit(response.url).query).items()}

    # From server to server

    def post(self, name, data, *, auth="basic"):
        data = {key: value for key, value in data.items() if value is not None}
        headers = {}
        if auth == "basic" and self.secret:
            pair = f"{self.client.client_id}:{self.secret}".encode()
            headers["Authorization"] = "Basic " + base64.b64encode(pair).decode()
        elif self.secret and auth == "post":
            data |= {"client_id": self.client.client_id, "client_secret": self.secret}
        else:
            data.setdefault("client_id", self.client.client_id)
        return self.direct.post(reverse(f"oidc:{name}"), data, headers=headers)

    def exchange(self, code, *, auth="basic", **changes):
        data = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect_uri,
            "code_verifier": self.verifier,
            **changes,
        }
        return self.post("token", data, auth=auth)

    def sign_in(self, **changes):
        """The token response of one whole sign-in."""
        response = self.exchange(self.get_code(**changes))
        assert response.status_code == 200, response.content
        return response.json()

    def refresh(self, refresh_token, **changes):
        return self.post("token", {"grant_type": "refresh_token", "refresh_token": refresh_token, **changes})

    def userinfo(self, access_token):
        return self.direct.get(reverse("oidc:userinfo"), headers={"Authorization": f"Bearer {access_token}"})

    def introspect(self, token):
        return self.post("introspect", {"token": token}).json()

    def revoke(self, token, **more):
        return self.post("revoke", {"token": token, **more})

    # What Authlib checks

    def keys(self):
        return KeySet.import_key_set(self.direct.get(reverse("oidc:jwks")).json())

    def read_id_token(self, tokens, **expected):
        """Signature, issuer, audience, nonce, times and at_hash, as Authlib checks them."""
        token = jwt.decode(tokens["id_token"], self.keys(), algorithms=["RS256"])
        claims = CodeIDToken(
            token.claims,
            token.header,
            options={"iss": {"value": settings.SITE_URL}, "aud": {"value": self.client.client_id}},
            params={
                "nonce": self.nonce,
                "client_id": self.client.client_id,
                "access_token": tokens["access_token"],
                **expected,
            },
        )
        claims.validate()
        return claims


def header_of(token):
    part = token.split(".")[0]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
