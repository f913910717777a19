"""Bills and what they are made from, one file a noun."""

from billing.bills.models.agent import CollectingAgent
from billing.bills.models.batch import BillBatch, Semester
from billing.bills.models.bill import Bill
from billing.bills.models.charge_table import ChargeTable
from billing.bills.models.item import BillItem
from billing.bills.models.notice import BillNotice

__all__ = ["Bill", "BillBatch", "BillItem", "BillNotice", "ChargeTable", "CollectingAgent", "Semester"]
