"""At the pages where a cashier makes a batch of a table."""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from billing.bills.models import ChargeTable
from core.formats import roc_short


def due():
    return roc_short(timezone.localdate() + timedelta(days=20))


def typed(**more):
    return {"title": "學雜費", "school_year": 115, "semester": 1, "due_on": due(), **more}


def table(*lines):
    return SimpleUploadedFile("收費表.csv", "\n".join(lines).encode())


def confirm(client, address, **kinds):
    """Press the button of the page of columns with what it proposes, but for `kinds` (kind_0 …)."""
    pk = ChargeTable.objects.latest("pk").pk
    form = client.get(address("charges", pk)).context["form"]
    data = {f"kind_{n}": one.kind for n, one in enumerate(form.columns)}
    return client.post(address("charges", pk), data | {"looked": "on"} | kinds, follow=True)


def upload(client, address, *lines, **more):
    return client.post(address("batch-upload"), typed(file=table(*lines), **more), follow=True)
