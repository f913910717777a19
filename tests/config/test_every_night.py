"""What is done every night."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command, get_commands
from django.utils import timezone

from billing.models import Bill, Webhook, WebhookDelivery
from config.management.commands import every_night
from tests.accounts.oidc.factories import client_of
from tests.billing.money import issued_bill

pytestmark = pytest.mark.django_db


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
