"""Events of log-in in words, for the helpdesk."""

from django import template
from django.utils.translation import gettext_lazy as _

register = template.Library()

WORDS = {
    "login.failed": _("登入失敗：密碼不對"),
    "login.succeeded": _("登入成功"),
    "password.refused": _("再次輸入密碼：不對"),
    "password.changed": _("改了密碼"),
    "password.reset": _("網路中心重設密碼"),
    "account.unlocked": _("網路中心解除鎖定"),
}


@register.filter
def event_words(event):
    return WORDS.get(event, event)
