"""Whom a family calls at its school: the office, in words of the reader's language, and its telephone."""

from django.utils.translation import gettext_lazy as _

from core.languages import speaks_chinese
from core.phones import Contact

OFFICES = {"helpdesk": _("網路中心"), "registrar": _("註冊組"), "cashier": _("出納組")}


def contact_of(school, office):
    """A `Contact`. The school's own word for the office is Chinese: other languages call it what it is."""
    own = getattr(school, f"{office}_office")
    return Contact(own if own and speaks_chinese() else str(OFFICES[office]), getattr(school, f"{office}_phone"))
