"""Payments, the money that came, and what is owed back, one file a noun."""

from billing.payments.models.payment import GatewayPause, Payment, PaymentPart
from billing.payments.models.refund import Refund
from billing.payments.models.refund_file import RefundFile
from billing.payments.models.refund_line import RefundLine
from billing.payments.models.settlement import Settlement

__all__ = ["GatewayPause", "Payment", "PaymentPart", "Refund", "RefundFile", "RefundLine", "Settlement"]
