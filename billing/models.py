"""All tables of this room: Django looks for them here, everything else takes them from their package."""

from billing.api.models import Webhook, WebhookDelivery
from billing.bills.models import Bill, BillBatch, BillItem, BillNotice, ChargeTable, CollectingAgent
from billing.collection.models import CollectionFile, CollectionLine, CounterPayment, ForeseenLine, Receipt
from billing.ledger.models import LedgerEntry
from billing.paper.models import BillSlipBatch
from billing.payments.models import Payment, PaymentPart, Refund, RefundFile, RefundLine, Settlement
from billing.payments.sandbox.models import SandboxCallback, SandboxTrade

__all__ = [
    "Bill", "BillBatch", "BillItem", "BillNotice", "BillSlipBatch", "ChargeTable", "CollectingAgent", "CollectionFile",
    "CollectionLine", "CounterPayment", "ForeseenLine", "LedgerEntry", "Payment", "PaymentPart", "Receipt", "Refund",
    "RefundFile", "RefundLine", "SandboxCallback", "SandboxTrade", "Settlement", "Webhook", "WebhookDelivery",
]  # fmt: skip
