"""The desks of the city."""

from django.utils.translation import gettext_lazy as _

from registry.desks import Group, Tab

NOBODYS: frozenset = frozenset()  # no role of a school opens them


def _tab(key, label, page, order):
    return Tab(f"city-{key}", label, page, NOBODYS, Group.CITY, order, is_of_city=True)


TABS = (
    _tab("home", _("總覽"), "city:home", 10),
    _tab("schools", _("學校"), "city:schools", 20),
    _tab("census", _("統計"), "city:census", 30),
    _tab("mails", _("郵件"), "city:mails", 40),
    _tab("jobs", _("背景工作"), "city:jobs", 50),
    _tab("texts", _("同意書"), "city:texts", 60),
    _tab("services", _("介接與金鑰"), "city:services", 70),
    _tab("admin", _("管理後台"), "admin:index", 80),
)
