"""What a family does on the way to a binding, one file a noun."""

from binding.models.application import Applicant, Application
from binding.models.binding import Binding
from binding.models.confirmation import CorrectionRequest, DataConfirmation
from binding.models.evidence import Evidence

__all__ = ["Applicant", "Application", "Binding", "CorrectionRequest", "DataConfirmation", "Evidence"]
