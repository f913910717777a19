"""`manage.py check` refuses a production that takes payments in the name of a public test merchant."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks

from billing.payments.gateways.ecpay import PUBLIC_TEST_KEYS


@checks.register(checks.Tags.security)
def payment_secrets_are_ones_own(app_configs, **kwargs):
    problems = []
    ecpay = (settings.ECPAY_MERCHANT_ID, settings.ECPAY_HASH_KEY, settings.ECPAY_HASH_IV)
    if any(ecpay) and not all(ecpay):
        problems.append(
            checks.Error(
                "ECPay is set up by halves.",
                hint="Set ECPAY_MERCHANT_ID, ECPAY_HASH_KEY and ECPAY_HASH_IV, or none of them.",
                id="billing.E001",
            )
        )
    if settings.PRODUCTION and (settings.ECPAY_HASH_KEY in PUBLIC_TEST_KEYS or settings.ECPAY_STAGE):
        problems.append(
            checks.Error(
                "ECPay's public test merchant would take the payments of families.",
                hint="Use the school's own merchant, and leave ECPAY_STAGE off.",
                id="billing.E002",
            )
        )
    if settings.PRODUCTION and all(ecpay) and urlsplit(settings.SITE_URL).port not in (None, 80, 443):
        problems.append(
            checks.Error(
                "ECPay would never tell of a payment: it calls back on the ports 80 and 443 alone.",
                hint="Let SITE_URL be without a port.",
                id="billing.E004",
            )
        )
    if settings.PRODUCTION and settings.PAYMENT_SANDBOX:
        problems.append(
            checks.Error(
                "The sandbox gateway would mark bills paid without money.",
                hint="Leave PAYMENT_SANDBOX off.",
                id="billing.E003",
            )
        )
    return problems
