"""What the cashier's desk keeps of its own: collection files, payments at the counter, receipts."""

from billing.collection.models.collection_file import CollectionFile, CollectionLine, stored_name
from billing.collection.models.counter_payment import CounterPayment, Receipt
from billing.collection.models.foreseen_line import ForeseenLine

__all__ = ["CollectionFile", "CollectionLine", "CounterPayment", "ForeseenLine", "Receipt", "stored_name"]
