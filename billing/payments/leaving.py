"""Pages whose form ends at a gateway."""

from billing.payments import gateways
from oidc import csp_form_action


def let_redirect(response):
    """Let this page's form lead on to the gateways that redirect: Chromium holds a policy against that, too."""
    return csp_form_action.allow(response, *filter(None, (one.redirects_to for one in gateways.offered())))
