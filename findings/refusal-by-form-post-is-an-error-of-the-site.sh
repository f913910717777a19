#!/usr/bin/env bash
# Whoever declines to sign in is shown "Internal Server Error" by a client made with Authlib that asks for form_post.
#
# What one would guess: with response_mode=form_post the provider posts its whole answer, and a refusal (RFC 6749,
# 4.1.2.1) is an answer like another. authorize_access_token() takes POST, and raises OAuthError with the provider's
# error for a GET, so it does for a POST.
# What happens: Authlib 1.9.9 looks for "error" in a GET only. Of a POST it takes code and state, finds no code and raises
# MissingCodeException. That is no OAuthError, so the handler that says "you declined" is passed over and Flask answers
# 500; access_denied, login_required and what the provider said of them are gone. The integrations for Django and
# Starlette read a POST in the same way. A sign-in that succeeds works by both, so tests of that are green.
# Who is bitten: who asks silently (prompt=none) and waits for login_required, and every user who presses "No".
# Seen 1 December 2026, Python 3.11, Flask 3.1.3.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/env"
"$work/env/bin/pip" install --quiet --disable-pip-version-check authlib==1.9.9 flask==3.1.3 requests==2.34.2
"$work/env/bin/python" - <<'PYTHON'
import logging
from importlib.metadata import version
from urllib.parse import parse_qs, urlsplit

from authlib.integrations.flask_client import OAuth, OAuthError
from flask import Flask

app = Flask(__name__)
app.secret_key = "of this test"
app.logger.setLevel(logging.CRITICAL)
clients = OAuth(app)
clients.register(
    "school",
    client_id="library",
    client_secret="secret",
    authorize_url="https://provider.example/authorize",
    access_token_url="https://provider.example/token",
    client_kwargs={"scope": "profile"},
)
raised = []


@app.get("/login")
def login():
    return clients.school.authorize_redirect("https://library.example/back", response_mode="form_post")


@app.route("/back", methods=["GET", "POST"])
def back():
    try:
        clients.school.authorize_access_token()
    except OAuthError as error:
        return f"declined: {error.error}"
    except Exception as error:
        raised.append(type(error).__name__)
        raise


def refused_by(method):
    browser = app.test_client()
    asked = parse_qs(urlsplit(browser.get("/login").location).query)
    assert asked["response_mode"] == ["form_post"]
    refusal = {"error": "access_denied", "state": asked["state"][0]}
    where = "data" if method == "POST" else "query_string"
    answer = browser.open("/back", method=method, **{where: refusal})
    return answer.status_code, answer.text if answer.status_code == 200 else raised.pop()


print("Authlib", version("authlib"), "Flask", version("flask"))
by_get, by_post = refused_by("GET"), refused_by("POST")
print("refused by GET:", by_get)
print("refused by POST:", by_post)
assert by_get == (200, "declined: access_denied")
assert by_post == (500, "MissingCodeException"), "changed"
PYTHON
