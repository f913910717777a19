"""What the cashier's desk keeps of its own: collection files, payments at the counter, files of refunds."""

from billing.collection.models.collection_file import CollectionFile, CollectionLine, stored_name
from billing.collection.models.counter_payment import CounterPayment, Receipt
from billing.collection.models.refund_file import RefundFile, RefundLine

__all__ = ["CollectionFile", "CollectionLine", "CounterPayment", "Receipt", "RefundFile", "RefundLine", "stored_name"]
