"""What is done every night."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command, get_commands
from django.db import IntegrityError
from django.utils import timezone

from billing.api.models import Webhook, WebhookDelivery
from billing.bills.models import Bill
from binding.actions import expiry
from binding.management.commands import end_expired
from binding.models import CourtOrder
from config.management.commands import every_night
from tests.accounts.factories import registrar_of, sso_parent
from tests.billing.money import issued_bill
from tests.oidc.factories import client_of
from tests.registry.factories import StudentFactory, make_identity

pytestmark = pytest.mark.django_db
ROW = "Failing row contains (王小明)"


def test_every_command_runs(capsys):
    call_command("every_night")

    told = capsys.readouterr().out
    assert all(f"{name}:" in told for name in every_night.COMMANDS)


def test_every_command_that_forgets_is_on_the_list():
    ours = {
        name
        for name, app in get_commands().items()
        if name.partition("_")[0] in {"forget", "remove", "sweep", "close", "end"} and "." not in str(app)
    }
    assert ours - {"remove_stale_contenttypes"} <= set(every_night.COMMANDS)


def test_one_that_fails_stops_no_other(monkeypatch, capsys):
    issued_bill()
    Bill.objects.update(amount=1)  # the ledger knows better

    with pytest.raises(CommandError, match="check_ledger"):
        call_command("every_night")
    monkeypatch.setattr(every_night, "COMMANDS", ["check_ledger", "forget_rosters"])
    with pytest.raises(CommandError, match=r"failed: check_ledger$"):
        call_command("every_night")
    assert "forget_rosters:" in capsys.readouterr().out


def test_old_bill_events_are_forgotten(capsys):
    webhook = Webhook(client=client_of("繳費", host="pay.example.tw"), url="https://pay.example.tw/hook")
    webhook.renew_secret(at=timezone.now())
    webhook.save()
    old = timezone.now() - timedelta(days=91)
    rows = [("sent", old), ("queued", old), ("sent", timezone.now())]
    for state, created in rows:
        WebhookDelivery.objects.create(
            webhook=webhook, kind="bill.issued", bill=issued_bill(), body={}, state=state, created_at=created,
            retry_until=timezone.now(),
        )  # fmt: skip

    call_command("forget_bill_events")

    assert "1 forgotten" in capsys.readouterr().out
    assert WebhookDelivery.objects.count() == 2


def test_a_step_that_breaks_is_logged_with_its_place_and_without_its_values(monkeypatch, capsys, caplog):
    def fail(*args, **options):
        raise IntegrityError(ROW)

    monkeypatch.setattr(end_expired, "end_expired", fail)

    with pytest.raises(CommandError, match=r"failed: end_expired$"):
        call_command("every_night")

    assert "IntegrityError" in caplog.text
    assert "in fail" in caplog.text
    assert "王小明" not in caplog.text
    assert "check_ledger:" in capsys.readouterr().out


def test_a_court_order_that_cannot_begin_fails_the_command(monkeypatch, caplog):
    student = StudentFactory()
    registrar = registrar_of(student.school)
    for n, number in enumerate((901, 902), start=1):
        parent = sso_parent(by=registrar, email=f"p{n}@example.com", number=make_identity(number))
        CourtOrder.objects.create(
            student=student, account=parent.sso_account, number=f"{n}", ordered_on=timezone.localdate(),
            effective_on=timezone.localdate(), entered_by=registrar,
        )  # fmt: skip
    begin, began = expiry.begin_order, []

    def first_fails(*, order):
        if not began:
            began.append(order)
            raise KeyError(ROW)
        return begin(order=order)

    monkeypatch.setattr(expiry, "begin_order", first_fails)

    with pytest.raises(CommandError, match="end_expired"):
        call_command("every_night")

    assert CourtOrder.objects.filter(state="in_force").count() == 1
    assert "could not end: KeyError" in caplog.text
    assert "王小明" not in caplog.text
