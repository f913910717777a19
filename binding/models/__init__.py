"""What a family does on the way to a binding, and what happens to it afterwards, one file a noun."""

from binding.models.address import AddressProof
from binding.models.applicant import Applicant
from binding.models.application import Application
from binding.models.binding import Binding
from binding.models.confirmation import CorrectionRequest, DataConfirmation
from binding.models.court import CourtOrder
from binding.models.custody import CustodyRestriction
from binding.models.delegation import Delegation
from binding.models.email_correction import EmailCorrection
from binding.models.evidence import Evidence
from binding.models.person_correction import PersonCorrection
from binding.models.withdrawal import Withdrawal, WithdrawalAnswer

__all__ = [
    "AddressProof",
    "EmailCorrection",
    "Applicant",
    "Application",
    "Binding",
    "CorrectionRequest",
    "CourtOrder",
    "CustodyRestriction",
    "DataConfirmation",
    "Delegation",
    "Evidence",
    "PersonCorrection",
    "Withdrawal",
    "WithdrawalAnswer",
]
