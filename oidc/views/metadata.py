"""What clients read about the provider: exactly what works, and the keys that it signs with."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from oidc import claims, keys
from oidc.requests import PROMPTS
from oidc.scopes import WORDS

WITH_SECRET = ["client_secret_basic", "client_secret_post"]
SECONDS_TO_KEEP = 60 * 60


@login_not_required
@require_safe
def discovery(request):
    def endpoint(name):
        return settings.SITE_URL + reverse(f"oidc:{name}")

    return public(
        {
            "issuer": settings.SITE_URL,
            "authorization_endpoint": endpoint("authorize"),
            "token_endpoint": endpoint("token"),
            "userinfo_endpoint": endpoint("userinfo"),
            "jwks_uri": endpoint("jwks"),
            "revocation_endpoint": endpoint("revoke"),
            "introspection_endpoint": endpoint("introspect"),
            "end_session_endpoint": endpoint("logout"),
            "scopes_supported": list(WORDS),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "code_challenge_methods_supported": ["S256"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": [*WITH_SECRET, "none"],
            "revocation_endpoint_auth_methods_supported": [*WITH_SECRET, "none"],
            "introspection_endpoint_auth_methods_supported": WITH_SECRET,
            "acr_values_supported": claims.ACR_VALUES,
            "claim_types_supported": ["normal"],
            "claims_supported": [
                *claims.IN_ID_TOKEN,
                *(claim for scope in WORDS if scope != "openid" for claim in claims.CLAIMS[scope]),
            ],
            "claims_parameter_supported": False,
            "request_parameter_supported": False,
            "request_uri_parameter_supported": False,
            "prompt_values_supported": sorted(PROMPTS),
            "ui_locales_supported": ["zh-Hant", "zh-TW", "en"],
            "authorization_response_iss_parameter_supported": True,
            "backchannel_logout_supported": True,
            "backchannel_logout_session_supported": True,
        }
    )


@login_not_required
@require_safe
def jwks(request):
    return public({"keys": keys.served_keys()})


def public(facts):
    """For programs in browsers too; kept no longer than a new key is served before it signs."""
    response = JsonResponse(facts)
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = f"public, max-age={SECONDS_TO_KEEP}"
    return response
