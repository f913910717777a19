"""One school with everything in it, who may open which page, and where each page is."""

import io
from datetime import timedelta

import pytest
from django.conf import settings
from django.core import signing
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone
from PIL import Image, ImageDraw

from accounts.models import User
from billing.collection.counter import take_cash
from billing.collection.models import CollectionFile
from billing.payments.gateway_notices import take_notice
from billing.payments.gateways.sandbox import QUERY_SALT, SALT, Sandbox
from billing.payments.sandbox import trading
from binding.actions.confirmation import request_correction
from binding.actions.consent import answer_consent
from binding.actions.court_orders import enter_order
from binding.actions.custody import restrict
from binding.actions.email_correction import ask_to_correct_email
from binding.actions.person_correction import ask_to_correct_person
from binding.evidence_intake import HarmlessFile
from binding.models import WithdrawalAnswer
from consent.models import ConsentText
from notifications.models import GoneAddress
from oidc.models import ClientLogo, Connection
from registry.models import RosterImport, SchoolImport
from registry.paper_forms.codes import code_for
from registry.roles import Role
from registry.roster import check_import, receive_roster
from registry.schools.face import write as write_face
from review.paper_register import mark_paper_form
from review.reminders.audience import fingerprint_of
from review.reminders.optout import token_for
from staff.models import StaffImport
from tests.accounts.factories import captcha_for, city_admin, log_in, registrar_of, sso_parent, staff, teacher_of
from tests.billing.money import batch_of, begun, charge_table_of, issued_bill, notice_of, refund_file_of, refund_of
from tests.billing.paper.printed import finished_bill_slips
from tests.binding.factories import (
    Kind,
    answered_family,
    approved_application,
    confirmed_family,
    mandate_for,
    sent_application,
)
from tests.consent.factories import draft_text
from tests.notifications.factories import message, written
from tests.oidc.factories import client_of as client_of_host
from tests.registry.factories import SchoolClassFactory, StudentFactory, finished_batch, make_identity
from tests.review.factories import finished_slips

SCHOOL_STAFF = {"teacher", "other_teacher", "registrar", "cashier", "helpdesk", "principal", "school_admin"}


STAFF = SCHOOL_STAFF | {"city_admin"}


REVIEWERS = {"teacher", "registrar"}


CENSUS_READERS = {"registrar", "principal", "school_admin"}


ALL = STAFF | {"anonymous", "family", "other_family", "other_registrar", "parent"}


# Who is answered with the page (200), or by a step of it (302 that is neither a log-in nor a 404).
OPEN = {
    "health": ALL,
    "gallery": STAFF | {"other_registrar"},  # on development servers everybody's
    "gallery-mail": STAFF | {"other_registrar"},
    **dict.fromkeys(["help:index", "help:guide", "help:people", "help:situation", "help:mandate"], ALL),
    "help:privacy": ALL,
    "help:accessibility": ALL,
    "accounts:home": ALL,
    "accounts:captcha-image": ALL,
    "accounts:captcha-audio": ALL,
    "accounts:city-login": ALL,
    "accounts:sso-login": ALL,
    "accounts:school": ALL,
    "accounts:login": ALL,
    "accounts:staff-login": ALL,
    "accounts:city-password": {"city_admin"},
    "accounts:sso-password": {"parent"},
    "accounts:sso-code": set(),  # for who owes the first password
    "accounts:sso-forgotten": ALL,
    "accounts:sso-set-password": ALL,
    "accounts:forgotten": ALL,
    "accounts:set-password": ALL,
    "accounts:password": SCHOOL_STAFF | {"family", "other_family"},
    "accounts:email-change": {"parent"},
    "accounts:email-change-confirm": ALL,
    "accounts:email-change-undo": ALL,
    "accounts:own-second-factor": {"parent"},
    "accounts:come-back": ALL,
    "accounts:devices": STAFF | {"other_registrar", "parent"},
    "binding:account": {"parent"},
    "binding:own-data": {"parent"},
    "binding:leave": {"parent"},
    "accounts:stay": ALL - {"anonymous"},
    "accounts:saved-post": ALL - {"anonymous"},
    "accounts:second-factor": STAFF | {"other_registrar"},
    "accounts:second-factor-setup": STAFF | {"other_registrar"},
    "accounts:recovery-codes": STAFF | {"other_registrar"},
    "accounts:staff-home": SCHOOL_STAFF,
    "desk-search": SCHOOL_STAFF,
    "desk-first-steps": SCHOOL_STAFF,
    "staff:own-number": SCHOOL_STAFF,
    "staff:invitation": ALL,
    "staff:staff-forgotten": ALL,
    "staff:staff-switch": {"school_admin"},
    "staff:staff-accounts": {"school_admin"},
    "staff:staff-invite": {"school_admin"},
    "staff:own-school": {"school_admin"},
    "staff:own-face": {"school_admin"},
    "staff:emblem": ALL,
    "staff:event-log": {"school_admin"},
    "staff:staff-file": {"school_admin"},
    "staff:staff-template": {"school_admin"},
    "staff:staff-import": {"school_admin"},
    "staff:staff-person": {"school_admin"},
    "staff:helpdesk": {"helpdesk"},
    "staff:helpdesk-family": {"helpdesk"},
    "staff:helpdesk-reset": {"helpdesk"},
    "oidc:services": {"parent"},
    "oidc:service-disconnect": {"parent"},
    "oidc:discovery": ALL,
    "oidc:server-metadata": ALL,
    "oidc:jwks": ALL,
    "oidc:authorize": set(),  # without a client's request it answers 400
    "oidc:userinfo": set(),  # without an access token 401
    "oidc:logout": {"parent"},
    "oidc:logo": {"parent"},
    "binding:sso-home": {"parent"},
    "binding:unbind": {"parent"},
    "binding:withdrawal": {"parent"},
    "binding:withdrawal-link": ALL,
    "binding:address-confirm": ALL,
    "binding:applicant-address": ALL,
    "binding:tasks": {"family", "other_family"},
    "binding:history": {"family", "other_family"},
    "binding:confirm": {"family", "other_family"},
    "binding:correction": {"family", "other_family"},
    "binding:consent": {"family", "other_family"},
    "binding:apply": {"family", "other_family"},
    "binding:applicant": {"family", "other_family"},
    "binding:evidence": {"family", "other_family"},
    "binding:evidence-file": {"family"},
    "binding:check": {"family", "other_family"},
    "binding:sign": {"family", "other_family"},
    "binding:sent": {"family", "other_family"},
    "binding:paper-form": {"family", "other_family"},
    "binding:withdraw": {"family", "other_family"},
    "binding:corrections": {"registrar"},
    "binding:correction-settle": {"registrar"},
    "binding:correction-proof": {"registrar"},
    "billing:home": {"parent"},
    "billing:history": {"parent"},
    "billing:bill": {"parent"},
    "billing:bill-due": {"parent"},
    "billing:api-bills": set(),  # without an access token 401
    "billing:api-bill": set(),
    "billing:pay": {"parent"},
    "billing:password": {"parent"},
    "billing:payments": {"parent"},
    "billing:payment": {"parent"},
    "billing:payment-go": {"parent"},
    "billing:bill-slip": {"parent"},
    "billing:bill-receipt": {"parent"},
    "billing:bill-codes": {"parent"},
    "billing:sandbox-checkout": ALL,  # stands for another company's site
    "billing:sandbox-trade": ALL,
    "billing:sandbox-query": ALL,
    "billing:cashier-money": {"cashier"},
    "billing:cashier-work": {"cashier"},
    "billing:cashier-resolve": {"cashier"},
    "billing:cashier-refunds": {"cashier"},
    "billing:cashier-refund": {"cashier"},
    "billing:cashier-refund-withdraw": {"cashier"},
    "billing:cashier-refund-payee": {"cashier"},
    "billing:cashier-refund-files": {"cashier"},
    "billing:cashier-refund-file": {"cashier"},
    "billing:cashier-refund-file-take": {"cashier"},
    "billing:cashier-refund-file-paid": {"cashier"},
    "billing:cashier-refund-file-returned": {"cashier"},
    "billing:cashier-refund-file-give-up": {"cashier"},
    "billing:cashier-cash": {"cashier"},
    "billing:cashier-cash-take": {"cashier"},
    "billing:cashier-collections": {"cashier"},
    "billing:cashier-collection": {"cashier"},
    "billing:cashier-collection-marked": {"cashier"},
    "billing:cashier-collection-mend": {"cashier"},
    "billing:cashier-day": {"cashier"},
    "billing:cashier-bill-slip": {"cashier"},
    "billing:cashier-bill-receipt": {"cashier"},
    "billing:cashier-slips": {"cashier"},
    "billing:cashier-slip-batch": {"cashier"},
    "billing:cashier-slip-batch-file": {"cashier"},
    "billing:cashier-settings": {"cashier"},
    "billing:cashier-batches": {"cashier"},
    "billing:cashier-batch-upload": {"cashier"},
    "billing:cashier-batch-template": {"cashier"},
    "billing:cashier-batch-fees": {"cashier"},
    "billing:cashier-batch": {"cashier"},
    "billing:cashier-batch-issue": {"cashier"},
    "billing:cashier-batch-close": {"cashier"},
    "billing:cashier-charges": {"cashier"},
    "billing:cashier-batch-classes": {"cashier"},
    "billing:cashier-batch-unpaid": {"cashier"},
    "billing:cashier-batch-reminders": {"cashier"},
    "billing:cashier-leavers": {"cashier"},
    "billing:class-bills": {"teacher"},
    "billing:cashier-batch-words": {"cashier"},
    "billing:cashier-bill": {"cashier"},
    "billing:cashier-bill-void": {"cashier"},
    "billing:cashier-bill-give-back": {"cashier"},
    "billing:cashier-batch-term": {"cashier"},
    "billing:cashier-counter-payment": {"cashier"},
    "billing:cashier-counter-correct": {"cashier"},
    "billing:cashier-receipts": {"cashier"},
    "billing:cashier-refund-take-back": {"cashier"},
    "billing:cashier-bill-reissue": {"cashier"},
    "billing:cashier-bill-split": {"cashier"},
    "billing:cashier-bill-join": {"cashier"},
    "review:home": REVIEWERS | {"other_teacher"},
    "review:class": REVIEWERS,
    "review:class-list": REVIEWERS,
    "review:class-missing": REVIEWERS,
    "review:student": REVIEWERS,
    "review:student-form": REVIEWERS,
    "review:application": REVIEWERS,
    "review:class-approve": REVIEWERS,
    "review:paper-forms-differ": REVIEWERS,
    "review:rules": {"registrar"},
    "review:handed-over": {"registrar"},
    "binding:bindings": {"registrar"},
    "binding:binding": {"registrar"},
    "binding:binding-address": {"registrar"},
    "binding:addresses": {"registrar", "school_admin"},
    "binding:people": {"registrar", "school_admin"},
    "binding:person": {"registrar", "school_admin"},
    "binding:binding-person": {"registrar"},
    "binding:gone-addresses": {"registrar"},
    "binding:binding-end": {"registrar"},
    "binding:binding-court": {"registrar"},
    "binding:court-lift": {"registrar"},
    "binding:court-file": {"registrar"},
    "binding:delegate": {"registrar"},
    "binding:delegation-prolong": {"registrar"},
    "binding:delegation-file": {"registrar"},
    "binding:custody": {"registrar"},
    "binding:custody-lift": {"registrar"},
    "binding:custody-file": {"registrar"},
    "review:paper-form": REVIEWERS,
    "review:evidence-file": REVIEWERS,
    "review:evidence-page": REVIEWERS,
    "review:census": CENSUS_READERS,
    "review:mismatches": CENSUS_READERS,
    "city:census": {"city_admin"},
    "city:home": {"city_admin"},
    "city:first-steps": {"city_admin"},
    "city:schools": {"city_admin"},
    "city:schools-export": {"city_admin"},
    "city:school-switch": {"city_admin"},
    "city:school-file": {"city_admin"},
    "city:school-template": {"city_admin"},
    "city:school-import": {"city_admin"},
    "city:mails": {"city_admin"},
    "city:jobs": {"city_admin"},
    "city:texts": {"city_admin"},
    "city:text": {"city_admin"},
    "city:text-publish": {"city_admin"},
    "city:services": {"city_admin"},
    "city:keys-rotate": {"city_admin"},
    "review:reminders": {"registrar", "school_admin"},
    "review:reminder-stop": ALL,
    "review:class-slips": REVIEWERS,
    "review:class-deadline": {"registrar"},
    "review:student-deadline": REVIEWERS,
    "review:slips": {"registrar"},
    "review:slips-file": {"registrar"},
    "registry:roster-list": {"registrar"},
    "registry:roster-template": {"registrar"},
    "registry:students": {"registrar"},
    "registry:student": {"registrar"},
    "registry:students-move": {"registrar"},
    "registry:student-edit": {"registrar"},
    "registry:student-status": {"registrar"},
    "registry:moves": {"registrar"},
    "registry:register": {"registrar"},
    "registry:arrival": {"registrar"},
    "registry:classes": {"registrar"},
    "registry:class": {"registrar"},
    "registry:promotion": {"registrar"},
    "registry:roster": {"registrar"},
    "registry:roster-errors": {"registrar"},
    "registry:roster-columns": {"registrar"},
    "registry:roster-compare": {"registrar"},
    "registry:forms": {"registrar"},
    "registry:forms-batch": {"registrar"},
    "registry:forms-file": {"registrar"},
}


# Answered by POST only; a GET is 405 or 404, never the deed. Logging out has tests of its own.
POSTS = {
    "accounts:devices-end": STAFF | {"other_registrar", "parent"},
    "accounts:devices-forget": STAFF | {"other_registrar", "parent"},
    "accounts:sso-code-send": set(),
    "staff:staff-link": {"school_admin"},
    "staff:staff-number": {"school_admin"},
    "staff:staff-second-factor": {"school_admin"},
    "staff:helpdesk-unlock": {"helpdesk"},
    "staff:helpdesk-staff-unlock": {"helpdesk"},
    "staff:helpdesk-resend": {"helpdesk"},
    "set_language": ALL,
    "oidc:consent": set(),  # without what was shown it answers 400
    "oidc:logout-confirm": set(),
    "oidc:token": set(),  # for clients, with their secret
    "oidc:introspect": set(),
    "oidc:revoke": set(),
    "binding:evidence-remove": {"family", "other_family"},
    "binding:address-again": {"family", "other_family"},
    "billing:callback": set(),  # for gateways, with their signature
    "billing:payment-give-up": {"parent"},
    "billing:payment-mail": {"parent"},
    "billing:cashier-collection-again": {"cashier"},
    "billing:cashier-collection-post": {"cashier"},
    "billing:cashier-refund-file-make": {"cashier"},
    "billing:cashier-collection-drop": {"cashier"},
    "billing:cashier-day-export": {"cashier"},
    "billing:cashier-slip-batch-again": {"cashier"},
    "billing:cashier-batch-marked": {"cashier"},
    "billing:cashier-batch-errors": set(),  # wants what the page before has sealed
    "billing:cashier-batch-take-back": {"cashier"},
    "billing:cashier-batch-reminders-switch": {"cashier"},
    "billing:cashier-charges-discard": {"cashier"},
    "billing:cashier-batch-go-on": {"cashier"},
    "billing:cashier-batch-discard": {"cashier"},
    "review:paper-form-mark": REVIEWERS,
    "review:student-note": REVIEWERS,
    "review:student-remind": REVIEWERS,
    "review:paper-forms-mark": REVIEWERS,
    "review:paper-forms-scan": REVIEWERS,
    "review:paper-forms-undo": REVIEWERS,
    "review:applicant-decide": REVIEWERS,
    "review:opening-renew": set(),
    "review:decisions-undo": REVIEWERS | {"other_teacher"},
    "review:hand-over": REVIEWERS,
    "review:give-back": {"registrar"},
    "review:census-export": CENSUS_READERS,
    "city:census-export": {"city_admin"},
    "city:mail-again": {"city_admin"},
    "review:reminders-start": {"registrar", "school_admin"},
    "review:reminders-stop": {"registrar", "school_admin"},
    "review:slips-make": {"registrar"},
    "review:slips-again": {"registrar"},
    "binding:binding-opening": {"registrar"},
    "binding:address-resend": {"registrar"},
    "binding:gone-address-again": {"registrar"},
    "binding:address-allow": {"registrar", "school_admin"},
    "binding:address-refuse": {"registrar", "school_admin"},
    "binding:person-refuse": {"registrar", "school_admin"},
    "binding:person-cancel": {"registrar"},
    "binding:address-cancel": {"registrar"},
    "registry:roster-apply": {"registrar"},
    "registry:roster-leave": {"registrar"},
    "registry:missing-decide": {"registrar"},
    "registry:roster-covers": {"registrar"},
    "registry:roster-again": {"registrar"},
    "registry:roster-marked": {"registrar"},
    "registry:roster-undo": {"registrar"},
    "registry:forms-again": {"registrar"},
    "registry:student-by-number": {"registrar"},
    "registry:student-keep": {"registrar"},
    "registry:duty-end": {"registrar"},
    "registry:roster-export": {"registrar"},
}


def applied_roster(school):
    return RosterImport.objects.create(
        school=school, name="x.csv", state="applied", decided_at=timezone.now(), undo={"classes": [], "duties": []}
    )


def binding_of(student, teacher):
    """Of the parent who has an account already."""
    zoe = {1: {"identity_number": make_identity(901), "email": "zoe@example.com"}}
    application = approved_application(teacher, student, people=zoe)
    return application.applicants.get().binding


def asked_of(binding):
    """The family wants its consent back: what the person bound is asked."""
    family = User.objects.get(student=binding.student)
    answer_consent(student=family.student, answer="declined", text=ConsentText.objects.current(), by=family)
    return WithdrawalAnswer.objects.get(binding=binding)


def an_emblem():
    """A PNG in bytes: a tower in a ring."""
    picture, out = Image.new("RGBA", (144, 144), (0, 0, 0, 0)), io.BytesIO()
    pen = ImageDraw.Draw(picture)
    pen.ellipse((6, 6, 138, 138), outline="#285a3d", width=8)
    pen.polygon([(72, 24), (98, 112), (46, 112)], fill="#285a3d")
    picture.save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def world():
    """One school with everything in it, and a second one whose people have no business here."""
    school_class = SchoolClassFactory()
    school = school_class.school
    application = sent_application(StudentFactory(school=school, school_class=school_class), kind=Kind.GUARDIAN)
    other_family = confirmed_family(StudentFactory(school=school, school_class=school_class))
    proof = HarmlessFile("x.png", b"\x89PNG", "image/png")
    correction = request_correction(
        student=other_family.student, proposed={"name": "尹怡"}, proof=proof, by=other_family
    )
    answered_family(StudentFactory(school=school, school_class=school_class))
    registrar = registrar_of(school)
    school_admin = staff(school, Role.SCHOOL_ADMIN, account="school-admin")
    write_face(school=school, accent="pine", png=an_emblem(), keeps_emblem=True, by=school_admin)
    school.refresh_from_db()
    teacher = teacher_of(school_class)
    parent = sso_parent(by=registrar, email="zoe@example.com")
    binding = binding_of(StudentFactory(school=school, school_class=school_class), teacher)
    email_correction = ask_to_correct_email(
        binding=binding, new_email="zoe.new@example.com", reason="x", proof="in_person", by=registrar
    )
    person_correction = ask_to_correct_person(
        binding=binding, new_name="尹怡", identity_number="", paper="identity", note="", by=registrar
    )
    mail = written("portal-password-reset", "b@example.com", student=application.student)
    mark_paper_form(student=application.student, answer="agree", by=registrar)
    today = timezone.localdate()
    parent = sso_parent(by=registrar, email="zoe@example.com")
    cashier = staff(school, Role.CASHIER, account="cashier")
    bill = issued_bill(binding.student)
    open_bill = issued_bill(binding.student)
    payment = begun([bill], parent)
    counter = take_cash(bill=bill, amount=bill.amount, receipt="1", by=cashier)
    (money,) = take_notice(notice_of(payment))
    trade = payment_at_the_sandbox(payment)
    at_the_bank = refund_file_of(refund_of(issued_bill(bill.student, title="轉學退費"), cashier), by=cashier)
    service = client_of_host("繳費", host="pay.example.tw")
    ClientLogo.objects.create(client=service, png=b"\x89PNG")
    connection = Connection.objects.create(user=parent, client=service, scope="openid")
    roster = (settings.BASE_DIR / "registry" / "demo" / "roster.csv").read_bytes()
    city = city_admin()
    return {
        "school": school,
        "draft": draft_text(version="draft"),
        "school_import": SchoolImport.objects.create(name="x.xlsx", rows=[], uploaded_by=city),
        "dead_mail": message(state="dead"),
        "application": application,
        "applicant": application.applicants.get(),
        "evidence": application.evidence.get(),
        "correction": correction,
        "roster": check_import(receive_roster(school=school, data=roster, name="x.csv", by=registrar)),
        "class": school_class,
        "applied": [applied_roster(school) for _twice in range(2)],
        "forms": finished_batch(school, by=registrar),
        "slips": finished_slips(school, by=registrar),
        "colleague": staff(school, account="colleague"),
        "staff_import": StaffImport.objects.create(school=school, rows=[], name="x", uploaded_by=school_admin),
        "mail": mail,
        "binding": binding,
        "email_correction": email_correction,
        "person_correction": person_correction,
        "gone": GoneAddress.objects.create(email=application.applicants.get().email),
        "order": enter_order(
            binding=binding,
            number="115 家護 1",
            ordered_on=today,
            effective_on=today + timedelta(days=9),
            until=None,
            document=proof,
            by=registrar,
        ),
        "mandate": mandate_for(binding.student, by=registrar),
        "answer": asked_of(binding),
        "restriction": restrict(
            student=binding.student,
            document=proof,
            document_on=today,
            starts_on=today,
            until=None,
            note="",
            by=registrar,
        ),
        "payment": payment,
        "bill": bill,
        "open_bill": open_bill,
        "bill_slips": finished_bill_slips(open_bill.batch, by=cashier),
        "draft_batch": batch_of(school, by=cashier, state="draft", title="草稿"),
        "charge_table": charge_table_of(school, by=cashier),
        "money": money,
        "refund_file": at_the_bank,
        "counter": counter,
        "collection": CollectionFile.objects.create(
            school=school, profile="store", name="x.txt", digest="x", count=1, total=1, state="done", taken_by=cashier
        ),
        "order_at_sandbox": trade,
        "connection": connection,
        "arriving": StudentFactory(status="transferring", transfer_to=school),
        "people": {
            "anonymous": None,
            "family": application.started_by,
            "other_family": other_family,
            "teacher": teacher,
            "other_teacher": teacher_of(SchoolClassFactory(school=school)),
            "registrar": registrar,
            "cashier": cashier,
            "helpdesk": staff(school, Role.HELPDESK, account="helpdesk"),
            "principal": staff(school, Role.PRINCIPAL, account="principal"),
            "school_admin": school_admin,
            "other_registrar": registrar_of(SchoolClassFactory().school),
            "parent": parent,
            "city_admin": city,
        },
    }


def payment_at_the_sandbox(payment):
    """The token of an order that was decided there."""
    token = Sandbox().begin(payment).address.rstrip("/").rpartition("/")[2]
    order = signing.loads(token, salt=SALT)
    trading.decide(order=order, succeeds=True, telling="never")
    return token


def address_of(name, world):
    arguments = {
        "staff:emblem": [world["school"].slug, world["school"].emblem_id],
        "help:situation": ["carers"],
        "help:mandate": ["vi"],
        "billing:home": [],
        "billing:history": [],
        "billing:bill": [world["bill"].pk],
        "billing:bill-due": [world["open_bill"].pk],
        "billing:api-bills": [],
        "billing:api-bill": [world["bill"].pk],
        "billing:pay": [],
        "billing:password": [],
        "billing:payments": [],
        "billing:payment": [world["payment"].reference],
        "billing:payment-go": [world["payment"].reference],
        "billing:payment-mail": [world["payment"].reference],
        "billing:payment-give-up": [world["payment"].reference],
        "billing:callback": ["sandbox"],
        "billing:bill-slip": [world["open_bill"].pk],
        "billing:bill-receipt": [world["money"].bill_id],
        "billing:bill-codes": [world["open_bill"].pk],
        "billing:cashier-batch": [world["school"].slug, world["open_bill"].batch_id],
        "billing:cashier-batch-close": [world["school"].slug, world["open_bill"].batch_id],
        "billing:cashier-batch-words": [world["school"].slug, world["open_bill"].batch_id],
        "billing:class-bills": [world["school"].slug, world["class"].pk],
        "billing:cashier-batch-classes": [world["school"].slug, world["open_bill"].batch_id],
        "billing:cashier-batch-unpaid": [world["school"].slug, world["open_bill"].batch_id],
        "billing:cashier-batch-reminders": [world["school"].slug, world["open_bill"].batch_id],
        "billing:cashier-batch-reminders-switch": [world["school"].slug, world["open_bill"].batch_id],
        "billing:cashier-batch-issue": [world["school"].slug, world["draft_batch"].pk],
        "billing:cashier-batch-take-back": [world["school"].slug, world["draft_batch"].pk],
        "billing:cashier-charges": [world["school"].slug, world["charge_table"].pk],
        "billing:cashier-charges-discard": [world["school"].slug, world["charge_table"].pk],
        "billing:cashier-batch-go-on": [world["school"].slug, world["open_bill"].batch_id],
        "billing:cashier-batch-discard": [world["school"].slug, world["open_bill"].batch_id],
        "billing:cashier-bill": [world["school"].slug, world["open_bill"].pk],
        "billing:cashier-cash-take": [world["school"].slug, world["open_bill"].pk],
        "billing:cashier-bill-void": [world["school"].slug, world["open_bill"].pk],
        "billing:cashier-bill-give-back": [world["school"].slug, world["money"].bill_id],
        "billing:cashier-batch-term": [world["school"].slug, world["open_bill"].batch_id],
        "billing:cashier-counter-payment": [world["school"].slug, world["counter"].counter_id],
        "billing:cashier-counter-correct": [world["school"].slug, world["counter"].counter_id],
        "billing:cashier-refund-take-back": [world["school"].slug, world["money"].refunds.get().pk],
        "billing:cashier-bill-reissue": [world["school"].slug, world["open_bill"].pk],
        "billing:cashier-bill-split": [world["school"].slug, world["open_bill"].pk],
        "billing:cashier-bill-join": [world["school"].slug, world["open_bill"].pk],
        "billing:cashier-bill-slip": [world["school"].slug, world["open_bill"].pk],
        "billing:cashier-bill-receipt": [world["school"].slug, world["money"].bill_id],
        "billing:cashier-slip-batch": [world["school"].slug, world["bill_slips"].pk],
        "billing:cashier-slip-batch-file": [world["school"].slug, world["bill_slips"].pk],
        "billing:cashier-slip-batch-again": [world["school"].slug, world["bill_slips"].pk],
        "billing:sandbox-checkout": [world["order_at_sandbox"]],
        "billing:sandbox-trade": [world["order_at_sandbox"]],
        "billing:sandbox-query": lambda: [signing.dumps(world["payment"].reference, salt=QUERY_SALT)],
        "billing:cashier-resolve": [world["school"].slug, world["money"].pk],
        "billing:cashier-refund-withdraw": [world["school"].slug, world["money"].refunds.get().pk],
        "billing:cashier-refund": [world["school"].slug, world["money"].refunds.get().pk],
        "billing:cashier-refund-payee": [world["school"].slug, world["money"].refunds.get().pk],
        "billing:cashier-refund-file": [world["school"].slug, world["refund_file"].pk],
        "billing:cashier-refund-file-take": [world["school"].slug, world["refund_file"].pk, "xlsx"],
        "billing:cashier-refund-file-paid": [world["school"].slug, world["refund_file"].pk],
        "billing:cashier-refund-file-returned": [world["school"].slug, world["refund_file"].pk],
        "billing:cashier-refund-file-give-up": [world["school"].slug, world["refund_file"].pk],
        "billing:cashier-collection": [world["school"].slug, world["collection"].pk],
        "billing:cashier-collection-marked": [world["school"].slug, world["collection"].pk],
        "billing:cashier-collection-again": [world["school"].slug, world["collection"].pk],
        "billing:cashier-collection-post": [world["school"].slug, world["collection"].pk],
        "billing:cashier-collection-drop": [world["school"].slug, world["collection"].pk],
        "billing:cashier-day-export": [world["school"].slug, "xlsx"],
        "accounts:captcha-image": lambda: [captcha_for(world.get("client")).key],
        "accounts:captcha-audio": lambda: [captcha_for(world.get("client")).key],
        "oidc:service-disconnect": [world["connection"].pk],
        "oidc:logo": [world["connection"].client_id],
        **dict.fromkeys(
            [
                f"city:{one}"
                for one in ("home", "first-steps", "schools", "schools-export", "school-file", "school-template")
            ],
            [],
        ),
        **dict.fromkeys([f"city:{one}" for one in ("mails", "jobs", "texts", "services", "keys-rotate")], []),
        "city:school-switch": [world["school"].pk],
        "city:school-import": [world["school_import"].pk],
        "city:text": [ConsentText.objects.current().pk],
        "city:text-publish": [world["draft"].pk],
        "city:mail-again": [world["dead_mail"].pk],
        "staff:staff-person": [world["school"].slug, world["people"]["registrar"].pk],
        "staff:staff-link": [world["school"].slug, world["people"]["cashier"].pk],
        "staff:staff-switch": [world["school"].slug, world["colleague"].pk],
        "staff:staff-number": [world["school"].slug, world["colleague"].pk],
        "staff:staff-second-factor": [world["school"].slug, world["colleague"].pk],
        "staff:staff-import": [world["school"].slug, world["staff_import"].pk],
        "staff:helpdesk-family": [world["school"].slug, world["application"].student_id],
        "staff:helpdesk-reset": [world["school"].slug, world["application"].student_id],
        "staff:helpdesk-unlock": [world["school"].slug, world["application"].student_id],
        "staff:helpdesk-staff-unlock": [world["school"].slug, world["colleague"].pk],
        "staff:helpdesk-resend": [world["school"].slug, world["mail"].pk],
        "binding:applicant": [world["school"].slug, 1],
        "binding:address-again": [world["school"].slug, 1],
        "binding:evidence-file": [world["school"].slug, world["evidence"].pk],
        "binding:evidence-remove": [world["school"].slug, world["evidence"].pk],
        "binding:correction-proof": [world["school"].slug, world["correction"].pk],
        "binding:correction-settle": [world["school"].slug, world["correction"].pk],
        "registry:student": [world["school"].slug, world["application"].student_id],
        "registry:student-edit": [world["school"].slug, world["application"].student_id],
        "registry:student-status": [world["school"].slug, world["application"].student_id],
        "registry:student-keep": [world["school"].slug, world["application"].student_id],
        "registry:arrival": [world["school"].slug, world["arriving"].pk],
        "registry:class": [world["school"].slug, world["class"].pk],
        "registry:duty-end": lambda: [world["school"].slug, world["class"].pk, world["class"].homerooms[-1].pk],
        "registry:forms-batch": [world["school"].slug, world["forms"].pk],
        "registry:forms-file": [world["school"].slug, world["forms"].pk],
        "registry:forms-again": [world["school"].slug, world["forms"].pk],
        "review:paper-form": lambda: [world["school"].slug, code_for(world["application"].student)],
        "registry:roster": [world["school"].slug, world["roster"].pk],
        "registry:roster-compare": [world["school"].slug, world["applied"][1].pk],
        "registry:roster-errors": [world["school"].slug, world["roster"].pk],
        "registry:roster-columns": [world["school"].slug, world["roster"].pk],
        "registry:roster-covers": [world["school"].slug, world["roster"].pk],
        "registry:roster-again": [world["school"].slug, world["roster"].pk],
        "registry:roster-marked": [world["school"].slug, world["roster"].pk],
        "registry:roster-undo": [world["school"].slug, world["roster"].pk],
        "registry:roster-apply": [world["school"].slug, world["roster"].pk],
        "registry:roster-leave": [world["school"].slug, world["roster"].pk],
        "review:class-slips": [world["school"].slug, world["class"].pk],
        "review:class-deadline": [world["school"].slug, world["class"].pk],
        "review:student-deadline": [world["school"].slug, world["application"].student_id],
        "review:slips": [world["school"].slug, world["slips"].pk],
        "review:slips-file": [world["school"].slug, world["slips"].pk],
        "review:slips-again": [world["school"].slug, world["slips"].pk],
        "review:reminder-stop": lambda: [
            world["school"].slug,
            token_for(world["application"].student, fingerprint_of("bob@example.com")),
        ],
        "review:class-approve": [world["school"].slug, world["class"].pk],
        "review:paper-forms-differ": [world["school"].slug, world["class"].pk],
        "review:paper-forms-mark": [world["school"].slug, world["class"].pk],
        "review:paper-forms-scan": [world["school"].slug, world["class"].pk],
        "review:paper-forms-undo": [world["school"].slug, world["class"].pk],
        "review:class": [world["school"].slug, world["class"].pk],
        "review:class-list": [world["school"].slug, world["class"].pk],
        "review:class-missing": [world["school"].slug, world["class"].pk],
        "review:student": [world["school"].slug, world["application"].student_id],
        "review:student-note": [world["school"].slug, world["application"].student_id],
        "review:student-remind": [world["school"].slug, world["application"].student_id],
        "review:student-form": [world["school"].slug, world["application"].student_id],
        "review:paper-form-mark": [world["school"].slug, world["application"].student_id],
        "review:application": [world["school"].slug, world["application"].pk],
        "review:hand-over": [world["school"].slug, world["application"].pk],
        "review:give-back": [world["school"].slug, world["application"].pk],
        "review:applicant-decide": [world["school"].slug, world["application"].pk, world["applicant"].pk],
        "review:opening-renew": [world["school"].slug, world["applicant"].pk],
        "review:evidence-file": [world["school"].slug, world["evidence"].pk],
        "review:evidence-page": [world["school"].slug, world["evidence"].pk, 1],
        "review:census-export": [world["school"].slug, "xlsx"],
        "city:census-export": ["xlsx"],
        "binding:unbind": [world["binding"].pk],
        "binding:withdrawal": [world["answer"].pk],
        "binding:binding": [world["school"].slug, world["binding"].pk],
        "binding:binding-person": [world["school"].slug, world["binding"].pk],
        "binding:person": [world["school"].slug, world["person_correction"].pk],
        "binding:person-refuse": [world["school"].slug, world["person_correction"].pk],
        "binding:person-cancel": [world["school"].slug, world["person_correction"].pk],
        "binding:binding-address": [world["school"].slug, world["binding"].pk],
        "binding:binding-end": [world["school"].slug, world["binding"].pk],
        "binding:binding-court": [world["school"].slug, world["binding"].pk],
        "binding:court-lift": [world["school"].slug, world["order"].pk],
        "binding:court-file": [world["school"].slug, world["order"].pk],
        "binding:delegate": [world["school"].slug, world["binding"].student_id],
        "binding:delegation-prolong": [world["school"].slug, world["mandate"].binding_id],
        "binding:delegation-file": [world["school"].slug, world["mandate"].pk],
        "binding:binding-opening": [world["school"].slug, world["binding"].pk],
        "binding:custody": [world["school"].slug, world["application"].student_id],
        "binding:custody-lift": [world["school"].slug, world["restriction"].pk],
        "binding:custody-file": [world["school"].slug, world["restriction"].pk],
        "binding:gone-address-again": [world["school"].slug, world["gone"].pk],
        "binding:address-allow": [world["school"].slug, world["email_correction"].pk],
        "binding:address-refuse": [world["school"].slug, world["email_correction"].pk],
        "binding:address-resend": [world["school"].slug, world["binding"].pk],
        "binding:address-cancel": [world["school"].slug, world["binding"].pk],
    }.get(name)
    if arguments is None:
        arguments = [world["school"].slug] if name in SCHOOL_PAGES else []
    if callable(arguments):  # what costs a query, or makes something
        arguments = arguments()
    query = f"?with={world['applied'][0].pk}" if name == "registry:roster-compare" else ""
    return reverse(name, args=arguments) + query


def names_of(patterns, namespace=""):
    for one in patterns:
        if isinstance(one, URLPattern):
            yield f"{namespace}{one.name}", one
        else:
            inner = f"{one.namespace}:" if one.namespace else namespace
            yield from names_of(one.url_patterns, inner)


EVERY_NAME = {name for name, _ in names_of(get_resolver().url_patterns) if not name.startswith("admin:")}


CITY_PAGES = {
    "accounts:home", "accounts:logout", "accounts:city-login", "accounts:city-password", "accounts:sso-login",
    "accounts:sso-password", "accounts:second-factor", "accounts:second-factor-setup", "accounts:recovery-codes",
    "binding:sso-home", "city:census", "oidc:services",
    "accounts:stay", "accounts:saved-post", "accounts:email-change", "accounts:email-change-confirm",
    "accounts:email-change-undo", "accounts:own-second-factor", "accounts:come-back", "accounts:devices",
    "accounts:devices-end", "accounts:devices-forget", "binding:account", "binding:own-data", "binding:leave",
    "accounts:sso-code", "accounts:sso-code-send", "accounts:sso-forgotten", "accounts:sso-set-password",
}  # fmt: skip


SCHOOL_PAGES = {
    name for name in EVERY_NAME if ":" in name and not name.startswith(("help:", "notifications:", "oidc:"))
} - CITY_PAGES | {"desk-search", "desk-first-steps"}


def client_of(person):
    return log_in(Client(), person) if person else Client()
