"""Every compiled queryset runs beside its queryset, on a school with everything in it, and both find the same rows."""

import datetime
import uuid
from itertools import product

import pytest
from django.db.models import Model
from django.utils import timezone

from accounts.models import Authenticator, BrowserSession, Captcha, SSOAccount, User
from billing.payments.models import PaymentPart
from binding.models import Application
from core.compiled import ALL
from oidc.models import Client, Service
from registry.models import HomeroomDuty, School, SchoolClass, Student
from review.models import ReturnReason
from tests.support.world import client_of

pytestmark = pytest.mark.django_db

OURS = [one for one in ALL if not one.queryset.__module__.startswith("tests.")]
MONTH = datetime.timedelta(days=30)


@pytest.fixture
def full_world(world):
    """With the rows that `world` lacks."""
    for role in ("family", "registrar"):
        client_of(world["people"][role])
    Authenticator.objects.create(user=world["people"]["registrar"], name="app")
    Captcha.objects.create(key=uuid.uuid4(), browser="b", code="12345", expires_at=timezone.now() + MONTH)
    ReturnReason.objects.create(school=world["school"], text="請來電")
    Client.objects.update(is_service=True, line="繳費", launch_url="https://pay.example.tw", mark="繳")
    Service.objects.create(name="圖書", line="借書", url="https://library.example.tw", mark="書")
    PaymentPart.objects.create(payment=world["payment"], bill=world["open_bill"], amount=1)
    return world


def test_each_finds_what_its_queryset_finds(full_world):
    silent = []
    for one in OURS:
        rows = 0
        for values in _values(one, full_world):
            found = one(**values)
            assert [_told(row) for row in found] == [_told(row) for row in one.queryset(**values)], (one.name, values)
            rows += len(found)
        if not rows:
            silent.append(one.name)

    assert not silent, "no values here find a row"


def _values(one, world):
    """All combinations of what its arguments may be here."""
    choices = [_choices(one, name, kind, world) for name, kind in one.kinds.items()]
    return [dict(zip(one.kinds, chosen, strict=True)) for chosen in product(*choices)]


def _choices(one, name, kind, world):
    if kind is datetime.datetime:
        return [timezone.now(), timezone.now() - MONTH]
    if kind is datetime.date:
        return [timezone.localdate()]
    if kind is uuid.UUID:
        return [uuid.uuid4(), *_keys(Captcha)]
    if kind is str:
        return _words(name, world)
    if name == "pk":
        return _keys(one.model)
    rows_of = {
        "student": Student, "application": Application, "school": School, "school_class": SchoolClass,
        "account": SSOAccount, "user": User,
    }  # fmt: skip
    return _keys(rows_of[name])


def _words(name, world):
    application, applicant = world["application"], world["applicant"]
    return {
        "key": lambda: list(BrowserSession.objects.values_list("pk", flat=True)),
        "browser": lambda: ["b", ""],
        "email": lambda: sorted(set(SSOAccount.objects.values_list("user__username", flat=True))),
        "slug": lambda: [world["school"].slug, "nowhere"],
        "account": lambda: sorted(set(HomeroomDuty.objects.values_list("account", flat=True))),
        "number": lambda: sorted(set(SSOAccount.objects.values_list("identity_fingerprint", flat=True))),
        "application": lambda: [str(application.pk)],
        "first": lambda: [str(applicant.pk), ""],
        "last": lambda: [str(applicant.pk)],
        "student": lambda: [str(application.student_id), "0"],
    }[name]()


def _keys(model):
    return list(model.objects.order_by("pk").values_list("pk", flat=True))


def _told(row, depth=2):
    """All that a row says, and what was read along with it."""
    if not isinstance(row, Model):
        return row
    said = {name: value for name, value in (vars(row) | row._state.fields_cache).items() if name != "_state"}
    return {"model": type(row)} | {
        name: _told(value, depth - 1) if isinstance(value, Model) else value
        for name, value in said.items()
        if depth or not isinstance(value, Model)
    }
