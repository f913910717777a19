"""What makes the columns of a copied school new: who is who, keys, codes, addresses, secrets.

A rule takes the copy and the table as its pattern has it, and returns the column of the copy. Columns without a rule
are the same in every copy.
"""

import hashlib
import json
import secrets
import uuid
from typing import Any

from django.apps import apps
from django.db import models

from accounts.models import EmailToken, User
from audit.models import Event
from billing.bills.codes import numbers_for
from billing.bills.models import Bill, CollectingAgent
from billing.collection.models import CollectionFile, CounterPayment
from billing.payments.models import Payment, RefundFile, Settlement
from billing.payments.paying import LETTERS
from billing.payments.sandbox.models import SandboxTrade
from config.synthetic_city.bills import collection_code, collection_number
from core import names
from core.models import EmailAddressField, FoldedNameField, NameField
from core.one_time_links import HasSecret
from notifications.models import Message
from oidc.models import SignOn
from registry.models import HomeroomDuty, RosterImport, School, SchoolClass, Student
from registry.models.person import HasIdentityNumber
from registry.roles import AccountKind

ORDER = slice(6, 15)  # where the serial number of a bill stands in its virtual account
IDS_IN_EVENTS = {
    "settlement": Settlement,
    "payment": CounterPayment,
    "replaces": Bill,
    "bills": Bill,
    "evidence": apps.get_model("binding", "Evidence"),
}


def rule_of(field):
    """The rule of a column, or None."""
    model = field.model
    if rule := RULES.get((model, field.attname)):
        return rule
    if field.is_relation:
        return moved_with(field.related_model, field.attname)
    if field.primary_key:
        return moved_with(model, field.attname)
    if isinstance(field, NameField):
        return lambda copy, table: [copy.name(one) for one in table[field.attname]]
    if isinstance(field, FoldedNameField):
        return lambda copy, table: [names.fold(copy.name(one)) for one in table["name"]]
    if isinstance(field, EmailAddressField):
        return lambda copy, table: [copy.email(one) for one in table[field.attname]]
    if issubclass(model, HasIdentityNumber) and field.attname in PARTS_OF_NUMBERS:
        part = PARTS_OF_NUMBERS[field.attname]
        return lambda copy, table: [copy.person(one)[part] for one in table["identity_fingerprint"]]
    if field.attname == "digest" and issubclass(model, HasSecret):
        return fresh(random_digest)
    return None


PARTS_OF_NUMBERS = {"identity_cipher": 0, "identity_fingerprint": 1}


def moved_with(model, attname):
    """Keys of `model`."""
    return lambda copy, table: [copy.moved(model, key) for key in table[attname]]


def fresh(make):
    """Something that nobody else has, for each row: what the pattern's opens, opens no row of a copy."""
    return lambda copy, table: [make() for _row in range(len(table))]


def random_digest():
    return hashlib.sha256(secrets.token_bytes(16)).hexdigest()


def of_school(name):
    return lambda copy, table: [copy.school[name]]


def usernames(copy, table):
    for kind, account, student, username in table.rows("kind", "account", "student_id", "username"):
        if kind == AccountKind.FAMILY:
            yield f"family/{copy.moved(Student, student)}"
        elif kind == AccountKind.STAFF:
            yield f"{copy.school['slug']}/{account}"
        else:
            yield copy.email(username)


def targets(type_column, id_column):
    """Keys that stand beside the name of their model."""

    def rule(copy, table):
        for label, key in table.rows(type_column, id_column):
            yield str(copy.moved(apps.get_model(label), int(key))) if key else ""

    return rule


def actor_labels(copy, table):
    slug = f"{copy.pattern_school['slug']}/"
    for label, actor in table.rows("actor_label", "actor_id"):
        if label.startswith("SSO "):
            yield f"SSO {copy.moved(User, actor)}"
        else:
            yield label.replace(slug, f"{copy.school['slug']}/", 1)


def event_data(copy, table):
    for text in table["data"]:
        if not any(f'"{name}"' in text for name in IDS_IN_EVENTS):
            yield text
            continue
        data = json.loads(text)
        for name, model in IDS_IN_EVENTS.items():
            if name == "bills" and not isinstance(data.get(name), list):
                continue  # how many
            if name in data:
                data[name] = copy.moved_all(model, data[name])
        yield json.dumps(data)


def undo(copy, table):
    """What a roster's undo looks at; see registry.roster.writing."""
    for text in table["undo"]:
        notes = json.loads(text)
        notes["classes"] = copy.moved_all(SchoolClass, notes["classes"])
        notes["duties"] = {name: copy.moved_all(HomeroomDuty, keys) for name, keys in notes["duties"].items()}
        yield json.dumps(notes)


def words(attname):
    """Mails call the school and the child by their names."""

    def rule(copy, table):
        school = [(copy.pattern_school[name], copy.school[name]) for name in ("name", "short_name", "slug")]
        children = copy.names_by_key(Student)
        for text, student in table.rows(attname, "student_id"):
            if text and student:
                name = children[student]
                for old, new in [*school, (names.mask(name), names.mask(copy.name(name))), (name, copy.name(name))]:
                    text = text.replace(old, new)
            yield text

    return rule


def virtual_accounts(copy, table):
    return [copy.codes[old][1] if old else "" for old in table["virtual_account"]]


def write_off_numbers(copy, table):
    return [copy.codes[account][0] if account else "" for account in table["virtual_account"]]


def codes_of(copy):
    """{virtual account of the pattern: (write-off number, virtual account) of the copy}."""
    agent = CollectingAgent(bank_rule="bot", bank_collection_number=collection_number(copy.number))
    bills = copy.table(Bill).rows("virtual_account", "amount", "due_on")
    return {old: numbers_for(agent, int(old[ORDER]), amount, due_on) for old, amount, due_on in bills if old}


def settled_codes(copy, table):
    return [copy.codes[code][1] if code in copy.codes else code for code in table["code"]]


def settlement_keys(copy, table):
    """As the counter, a bank's file with transaction numbers, and a gateway call one piece of money."""
    for key in table["key"]:
        source, *parts = key.split(":")
        if source == "counter":
            payment, bill = parts
            parts = [copy.moved(CounterPayment, int(payment)), copy.moved(Bill, int(bill))]
        elif source == "sandbox":
            reference, bill = parts
            parts = [copy.reference(reference), copy.moved(Bill, int(bill))]
        elif source == "file":
            file, line = parts
            parts = [copy.moved(CollectionFile, int(file)), line]
        else:
            school, code, *rest = parts
            parts = [copy.moved(School, int(school)), copy.codes[code][1], *rest]
        yield ":".join(map(str, (source, *parts)))


def counter_keys(copy, table):
    """The school, and what names the press."""
    for key in table["key"]:
        school, press = key.split(":", 1)
        yield f"{copy.moved(School, int(school))}:{press}"


def references(copy, table):
    return [copy.reference(one) for one in table["reference"]]


def reference_of(copy, old):
    """P, the day, twelve letters: new ones, the same for the same."""
    digest = hashlib.sha256(f"{copy.number}:{old}".encode()).digest()
    return old[:7] + "".join(LETTERS[byte % len(LETTERS)] for byte in digest[:12])


RULES: dict[tuple[Any, str], Any] = {
    **{(School, name): of_school(name) for name in ("slug", "code", "name", "short_name")},
    (User, "username"): usernames,
    (EmailToken, "digest"): fresh(random_digest),
    (apps.get_model("accounts", "EmailChange"), "undo_digest"): fresh(random_digest),
    (apps.get_model("binding", "WithdrawalAnswer"), "digest"): fresh(random_digest),
    (SignOn, "sid"): fresh(secrets.token_urlsafe),
    (apps.get_model("oidc", "Authorization"), "id"): fresh(uuid.uuid4),
    (CollectingAgent, "collection_code"): lambda copy, table: [collection_code(copy.number)] * len(table),
    (CollectingAgent, "bank_collection_number"): lambda copy, table: [collection_number(copy.number)] * len(table),
    (Bill, "virtual_account"): virtual_accounts,
    (Bill, "write_off_number"): write_off_numbers,
    (Bill, "name_then"): lambda copy, table: [copy.name(one) for one in table["name_then"]],
    (Bill, "folded_then"): lambda copy, table: [names.fold(copy.name(one)) for one in table["name_then"]],
    (CounterPayment, "key"): counter_keys,
    (RefundFile, "key"): counter_keys,
    (Settlement, "code"): settled_codes,
    (Settlement, "key"): settlement_keys,
    (Payment, "reference"): references,
    (SandboxTrade, "reference"): references,
    (RosterImport, "undo"): undo,
    (Message, "school_id"): moved_with(School, "school_id"),
    (Message, "student_id"): moved_with(Student, "student_id"),
    (Message, "about_id"): targets("about_type", "about_id"),
    **{(Message, name): words(name) for name in ("subject", "text", "html")},
    (Event, "school_id"): moved_with(School, "school_id"),
    (Event, "actor_id"): moved_with(User, "actor_id"),
    (Event, "actor_label"): actor_labels,
    (Event, "target_id"): targets("target_type", "target_id"),
    (Event, "data"): event_data,
}


def without_a_rule(model, uniques):
    """Unique fields of `model` that a second copy would repeat: tuples of names."""
    rules = {field.attname for field in model._meta.concrete_fields if rule_of(field) is not None}
    return [names for names in uniques if rules.isdisjoint(names)]


def is_read_as_it_is(field):
    """A number, that a rule can count with; all else is read and written as text."""
    return isinstance(field.target_field if field.is_relation else field, models.IntegerField)
