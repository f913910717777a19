from billing.models.agent import CollectingAgent
from billing.models.batch import BillBatch, Semester
from billing.models.bill import Bill, BillItem, InvalidMove
from billing.models.charge_table import ChargeTable
from billing.models.collection import CollectionFile, CollectionLine
from billing.models.ledger import MONEY, Account, LedgerEntry
from billing.models.notice import BillNotice
from billing.models.payment import Payment, PaymentPart
from billing.models.refund import Refund
from billing.models.settlement import Settlement
from billing.models.slip_batch import SlipBatch
from billing.models.webhook import Webhook, WebhookDelivery
from billing.sandbox.models import SandboxCallback, SandboxTrade

__all__ = [
    "MONEY", "Account", "Bill", "BillBatch", "BillItem", "BillNotice", "ChargeTable", "CollectingAgent",
    "CollectionFile", "CollectionLine", "InvalidMove", "LedgerEntry", "Payment", "PaymentPart", "Refund",
    "SandboxCallback", "SandboxTrade", "Semester", "Settlement", "SlipBatch", "Webhook", "WebhookDelivery",
]  # fmt: skip
