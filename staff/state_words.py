"""How an account of staff stands, in words."""

from django.utils.translation import gettext as _


def state_words(person):
    """Of a member of staff with `is_invited`: whether an invitation is open."""
    if not person.is_active:
        return _("已停用")
    if person.has_usable_password():
        return _("使用中")
    return _("已邀請，等設定密碼") if person.is_invited else _("邀請已過期")
