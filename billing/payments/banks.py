"""Banks that issue accounts for online payments, by the code that a payer types at an ATM."""

from django.utils.translation import gettext_lazy as _

NAMES = {
    "004": _("臺灣銀行"),
    "005": _("土地銀行"),
    "006": _("合作金庫銀行"),
    "007": _("第一銀行"),
    "008": _("華南銀行"),
    "009": _("彰化銀行"),
    "011": _("上海商業儲蓄銀行"),
    "012": _("台北富邦銀行"),
    "013": _("國泰世華銀行"),
    "017": _("兆豐銀行"),
    "118": _("板信商業銀行"),
    "700": _("中華郵政"),
    "806": _("元大銀行"),
    "807": _("永豐銀行"),
    "808": _("玉山銀行"),
    "812": _("台新銀行"),
    "822": _("中國信託銀行"),
}


def name_of(code):
    """ "" for a bank that is not listed: its code is enough to pay."""
    return NAMES.get(code, "")
