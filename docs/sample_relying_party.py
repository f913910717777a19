"""A whole service that signs parents in, in one file: read it, run it, take what you need.

    pip install authlib requests
    CLIENT_SECRET=… python docs/sample_relying_party.py http://localhost:8000 <client_id>

Register it before with the redirect URI http://localhost:8500/callback, the address after log-out
http://localhost:8500/ and the address for log-out notices http://localhost:8500/backchannel. Then open
http://localhost:8500/ : it prints what it learns. Addresses on this machine are for development only.
"""

import html
import os
import secrets
import sys
import time
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
SECONDS = 10


class Refused(Exception):
    """The answer is not one to trust."""


@dataclass
class Session:
    """One browser at this service: first what we asked, then what we were told."""

    state: str = ""
    nonce: str = ""
    verifier: str = ""
    tokens: dict = field(default_factory=dict)
    id_claims: dict = field(default_factory=dict)
    facts: dict = field(default_factory=dict)


class Service:
    """What a service does to sign parents in, apart from its pages."""

    def __init__(self, *, issuer, client_id, client_secret, own_url):
        self.issuer, self.client_id, self.client_secret, self.own_url = (issuer, client_id, client_secret, own_url)
        self.provider = requests.get(f"{issuer}/.well-known/openid-configuration", timeout=SECONDS).json()
        if self.provider["issuer"] != issuer:
            raise Refused("the issuer calls itself otherwise")
        self.sessions = {}

    def oauth(self, **more):
        return OAuth2Session(
            self.client_id,
            self.client_secret,
            token_endpoint_auth_method="client_secret_basic",  # noqa: S106
            scope="openid profile email children",
            redirect_uri=f"{self.own_url}/callback",
            code_challenge_method="S256",
            **more,
        )

    def begin(self, session, **more):
        """The address to send the browser to. State, nonce and verifier are kept for the answer."""
        session.nonce, session.verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
        with self.oauth() as oauth:
            address, session.state = oauth.create_authorization_url(
                self.provider["authorization_endpoint"], code_verifier=session.verifier, nonce=session.nonce, **more
            )
        return address

    def finish(self, session, address):
        """The browser came back: check the answer, fetch the tokens, read the claims."""
        answer = parse_qs(urlsplit(address).query)
        if answer.get("iss") != [self.issuer]:
            raise Refused("an answer of another provider")
        if "error" in answer:
            raise Refused(answer["error"][0])
        with self.oauth(state=session.state) as oauth:
            tokens = oauth.fetch_token(
                self.provider["token_endpoint"],
                authorization_response=address,
                code_verifier=session.verifier,
                timeout=SECONDS,
            )
        session.tokens = dict(tokens)
        session.id_claims = self.read_id_token(session.tokens, nonce=session.nonce)
        session.facts = self.ask(session)

    def read_id_token(self, tokens, *, nonce=None):
        """Signature, issuer, audience, times, nonce and at_hash."""
        token = jwt.decode(tokens["id_token"], self.keys(), algorithms=["RS256"])
        claims = CodeIDToken(
            token.claims,
            token.header,
            options={"iss": {"value": self.issuer}, "aud": {"value": self.client_id}},
            params={"nonce": nonce, "client_id": self.client_id, "access_token": tokens["access_token"]},
        )
        claims.validate(leeway=60)
        return dict(claims)

    def ask(self, session):
        """The claims as they are now. A 401 means: the parent, or the school, has ended it."""
        response = requests.get(
            self.provider["userinfo_endpoint"],
            headers={"Authorization": f"Bearer {session.tokens['access_token']}"},
            timeout=SECONDS,
        )
        if response.status_code == 401:
            raise Refused("signed out")
        facts = response.json()
        if facts["sub"] != session.id_claims["sub"]:
            raise Refused("the claims are about somebody else")
        return facts

    def refresh(self, session):
        """New tokens for the old refresh token, which works once: keep the new one before anything else."""
        response = requests.post(
            self.provider["token_endpoint"],
            data={"grant_type": "refresh_token", "refresh_token": session.tokens["refresh_token"]},
            auth=(self.client_id, self.client_secret),
            timeout=SECONDS,
        )
        if response.status_code != 200:
            raise Refused(response.json()["error"])
        session.tokens = response.json()
        claims = self.read_id_token(session.tokens)
        if claims["sub"] != session.id_claims["sub"]:
            raise Refused("the tokens are somebody else's")

    def log_out_address(self, session):
        """Where to send the browser to end the parent's sign-on everywhere."""
        query = {"id_token_hint": session.tokens["id_token"], "post_logout_redirect_uri": f"{self.own_url}/"}
        return f"{self.provider['end_session_endpoint']}?{urlencode(query)}"

    def hear_logout(self, logout_token):
        """A sign-on is over: forget every session of it."""
        token = jwt.decode(logout_token, self.keys(), algorithms=["RS256"])
        claims = token.claims
        is_ours = claims["iss"] == self.issuer and claims["aud"] == self.client_id
        is_fresh = claims["exp"] > time.time() - 60
        if not is_ours or not is_fresh or LOGOUT_EVENT not in claims["events"] or "nonce" in claims:
            raise Refused("not a logout token for us")
        for key, session in list(self.sessions.items()):
            if session.id_claims.get("sid") == claims["sid"]:
                del self.sessions[key]

    def keys(self):
        """Fetched anew each time, for brevity: a real service keeps them until it meets an unknown `kid`."""
        return KeySet.import_key_set(requests.get(self.provider["jwks_uri"], timeout=SECONDS).json())


class Pages(BaseHTTPRequestHandler):
    """/ shows who is signed in, /sign-in begins, /callback ends it; /refresh, /log-out and /backchannel."""

    service: Service

    def do_GET(self):
        pages = {
            "/": self.home,
            "/sign-in": self.sign_in,
            "/callback": self.callback,
            "/refresh": self.refresh,
            "/log-out": self.log_out,
        }
        try:
            pages.get(urlsplit(self.path).path, self.home)()
        except (Refused, AuthlibBaseError, JoseError) as refused:
            self.write(400, f"<p>{html.escape(str(refused))}</p><p><a href='/'>back</a></p>")

    def do_POST(self):
        form = parse_qs(self.rfile.read(min(int(self.headers["Content-Length"]), 20_000)).decode())
        try:
            self.service.hear_logout(form["logout_token"][0])
            self.write(200, "")
        except (Refused, JoseError, ValueError, KeyError):
            self.write(400, "")

    def home(self):
        session = self.known()
        if not session.facts:
            self.write(200, "<p><a href='/sign-in'>Sign in</a></p>")
            return
        rows = "".join(f"<dt>{html.escape(k)}<dd>{html.escape(str(v))}" for k, v in session.facts.items())
        self.write(200, f"<dl>{rows}</dl><p><a href='/refresh'>Refresh</a> <a href='/log-out'>Log out</a></p>")

    def sign_in(self):
        key, session = secrets.token_urlsafe(24), Session()
        self.service.sessions[key] = session
        cookie = f"sample={key}; HttpOnly; SameSite=Lax; Path=/"
        self.write(302, "", {"Location": self.service.begin(session), "Set-Cookie": cookie})

    def callback(self):
        session = self.known()
        if not session.state:
            raise Refused("this browser did not ask")
        self.service.finish(session, f"{self.service.own_url}{self.path}")
        session.state = ""
        sys.stdout.write(f"signed in: {session.facts}\n")
        sys.stdout.flush()
        self.write(302, "", {"Location": "/"})

    def refresh(self):
        session = self.known()
        self.service.refresh(session)
        session.facts = self.service.ask(session)
        self.write(302, "", {"Location": "/"})

    def log_out(self):
        session = self.known()
        self.write(302, "", {"Location": self.service.log_out_address(session) if session.tokens else "/"})

    def known(self):
        """The session of this browser, or an empty one."""
        cookie = SimpleCookie(self.headers.get("Cookie", "")).get("sample")
        return self.service.sessions.get(cookie.value if cookie else "", Session())

    def write(self, status, body, headers=None):
        self.send_response(status)
        for name, value in {"Content-Type": "text/html; charset=utf-8", **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *args):
        """Addresses carry codes: they are not for logs."""


def serve(service, port):
    pages = type("PagesOfService", (Pages,), {"service": service})
    return ThreadingHTTPServer(("localhost", port), pages)


if __name__ == "__main__":
    PORT = 8500
    sample = Service(
        issuer=sys.argv[1].rstrip("/"),
        client_id=sys.argv[2],
        client_secret=os.environ["CLIENT_SECRET"],
        own_url=f"http://localhost:{PORT}",
    )
    sys.stdout.write(f"open http://localhost:{PORT}/\n")
    sys.stdout.flush()
    serve(sample, PORT).serve_forever()
