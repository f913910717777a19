"""How long, how often and how much: figures of the service, some of which a city may set by its environment."""

from django.core.exceptions import ImproperlyConfigured

from config.environment import ENVIRONMENT, PRODUCTION, env

# Whom to call where no school is known. 1999 is Taipei's line for citizens; empty: nobody is named.
CITY_HELPDESK_PHONE = env("CITY_HELPDESK_PHONE", default="1999")
PASSWORD_MINIMUM_LENGTH = env.int("PASSWORD_MINIMUM_LENGTH", default=12)
STAFF_PASSWORD_MINIMUM_LENGTH = env.int("STAFF_PASSWORD_MINIMUM_LENGTH", default=15)
# Where most of the characters are Han
PASSWORD_MINIMUM_HAN = env.int("PASSWORD_MINIMUM_HAN", default=8)
STAFF_PASSWORD_MINIMUM_HAN = env.int("STAFF_PASSWORD_MINIMUM_HAN", default=10)
PASSWORD_MAXIMUM_LENGTH = 128
FIRST_PASSWORD_MINUTES = 10  # so long after the log-in, the first change does not ask for the old password again
LOGIN_FAILURE_LIMIT = env.int("LOGIN_FAILURE_LIMIT", default=5)
LOGIN_FAILURE_MINUTES = env.int("LOGIN_FAILURE_MINUTES", default=15)
IP_FAILURE_LIMIT = env.int("IP_FAILURE_LIMIT", default=200)  # a school shares one address
CAPTCHA_AFTER_FAILURES = 3
# The captcha of the portal: "always", as families know it, or "after_failure". A known browser is not asked.
PORTAL_CAPTCHA = env("PORTAL_CAPTCHA", default="always")
if PORTAL_CAPTCHA not in {"always", "after_failure"}:
    raise ImproperlyConfigured("PORTAL_CAPTCHA is always or after_failure; see docs/settings.md")
# One guess over many accounts: so many different accounts failed, from one address or in the whole city.
SPRAY_IP_ACCOUNTS = env.int("SPRAY_IP_ACCOUNTS", default=50)
SPRAY_CITY_ACCOUNTS = env.int("SPRAY_CITY_ACCOUNTS", default=2000)
SPRAYED_FAILURE_LIMIT = 2  # what an account takes from strangers while the whole city is tried
KNOWN_DEVICE_DAYS = 180
# Forms that could be used to ask whose an address is: postings within LOGIN_FAILURE_MINUTES, by one family or person.
APPLICANT_TRIES = 30
EMAIL_CHANGES_ASKED = 10
STAFF_INVITATION_DAYS = env.int("STAFF_INVITATION_DAYS", default=7)
# A decision's mail waits so long, and so long the decision can be taken back.
DECISION_UNDO_MINUTES = env.int("DECISION_UNDO_MINUTES", default=1 if ENVIRONMENT == "development" else 5)
EMAIL_LINK_HOURS = 72  # how long the link to a corrected address works
ADDRESS_LINK_DAYS = 14  # how long an applicant can confirm the own mailbox by the mailed link
ADDRESS_MAILS_A_DAY = 8  # mails "we have your application" about one student: the address may be a stranger's
EMAIL_UNDO_DAYS = 7  # how long the old address can take back what its owner did not change
MAILED_CODE_MINUTES = 10  # how long a code in a mail works
MAILED_LINK_MINUTES = 30  # how long the link to set a new password works
BOUNCE_DAYS = 14  # how long after a mail its bounce counts, and mails that were lost are counted together
BOUNCES_LOST = 3  # so many mails lost in that time, and the address is taken for gone
BOUNCE_MAX_BYTES = 1024 * 1024  # what is read of a bounce: the mail that came back stands last
CONSENT_WITHDRAWAL_DAYS = 7  # how long who is bound can answer when the family wants its consent back
CLOSURE_GRACE_DAYS = 30  # how long a parent who left can come back by the mailed link
SSO_INITIAL_DAYS = env.int("SSO_INITIAL_DAYS", default=14)
SSO_INITIAL_FAILURES = env.int("SSO_INITIAL_FAILURES", default=10)
CAPTCHA_MINUTES = 10
# How long a member of staff's own computer is not asked for the second factor again; 0: always ask.
SECOND_FACTOR_DAYS = env.int("SECOND_FACTOR_DAYS", default=30)

# What may be uploaded
EVIDENCE_MAX_BYTES = 5 * 1024 * 1024
EVIDENCE_MAX_FILES = 5
EVIDENCE_MAX_PAGES = 20  # of one PDF
ROSTER_MAX_BYTES = 20 * 1024 * 1024
ROSTER_AT_ONCE_BYTES = 512 * 1024  # larger ones are checked and written by the worker
# How long an uploaded roster that nobody decides is kept, encrypted, and what is told of one that was decided
ROSTER_KEPT_DAYS = env.int("ROSTER_KEPT_DAYS", default=7)
STAFF_FILE_MAX_BYTES = 2 * 1024 * 1024
UPLOAD_MAX_BYTES = ROSTER_MAX_BYTES  # the longest upload of any page; the rest of a longer one is not kept


def payment_limits(name):
    """{way of paying: (least, most)} in dollars from "store_code=33-6000,atm=11-49999"; empty: no limits."""
    found = {}
    for one in env.list(name, default=PUBLIC_LIMITS):
        way, _equals, limits = one.partition("=")
        least, _dash, most = limits.partition("-")
        if way.strip() not in PAYMENT_WAYS or not (least.strip().isdigit() and most.strip().isdigit()):
            raise ImproperlyConfigured(f"{name}: {one!r} is not like store_code=33-6000; see docs/settings.md")
        found[way.strip()] = int(least), int(most)
    return found


def payment_fees(name):
    """{way of paying: dollars that the payer pays on top} from "store_code=30"; empty: none."""
    found = {}
    for one in env.list(name, default=[]):
        way, _equals, fee = one.partition("=")
        if way.strip() not in PAYMENT_WAYS or not fee.strip().isdigit():
            raise ImproperlyConfigured(f"{name}: {one!r} is not like store_code=30; see docs/settings.md")
        found[way.strip()] = int(fee)
    return found


# Online payment (billing/payments/gateways): a gateway whose secrets are not set is not offered
ECPAY_MERCHANT_ID = env("ECPAY_MERCHANT_ID", default="")
ECPAY_HASH_KEY = env("ECPAY_HASH_KEY", default="")
ECPAY_HASH_IV = env("ECPAY_HASH_IV", default="")
ECPAY_STAGE = env.bool("ECPAY_STAGE", default=not PRODUCTION)
PAYMENT_SANDBOX = env.bool("PAYMENT_SANDBOX", default=not PRODUCTION)
# What one payment may be, as the contract says; these stand on ECPay's public page of fees.
PAYMENT_WAYS = {"card", "atm", "store_code", "store_barcode"}
PUBLIC_LIMITS = ["atm=11-49999", "store_code=33-6000", "store_barcode=1-20000"]
ECPAY_LIMITS = payment_limits("ECPAY_LIMITS")
ECPAY_FEES = payment_fees("ECPAY_FEES")
PAYMENT_SANDBOX_LIMITS = payment_limits("PAYMENT_SANDBOX_LIMITS")
PAYMENT_PASSWORD_MINUTES = 30  # a password shown longer ago is asked for again before paying
CALLBACK_MAX_BYTES = 16 * 1024
# By one parent; by one client about one parent.
PAYMENTS_BEGUN_LIMIT = env.int("PAYMENTS_BEGUN_LIMIT", default=30)
PAYMENTS_BEGUN_MINUTES = env.int("PAYMENTS_BEGUN_MINUTES", default=15)
BILLS_API_LIMIT = env.int("BILLS_API_LIMIT", default=300)
BILLS_API_MINUTES = env.int("BILLS_API_MINUTES", default=15)
BILL_MAIL_WAIT_MINUTES = env.int("BILL_MAIL_WAIT_MINUTES", default=30)
CHARGES_MAX_BYTES = 5 * 1024 * 1024
COLLECTION_MAX_BYTES = 20 * 1024 * 1024
