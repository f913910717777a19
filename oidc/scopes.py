"""What clients may ask for, in words that parents read on the page that asks them."""

from django.utils.translation import gettext_lazy as _
from oauth2_provider.scopes import BaseScopes

WORDS = {
    "openid": _("一個只給這個服務用的代號，讓它下次認得您（不是身分證統一編號）"),
    "profile": _("您的姓名"),
    "email": _("您的電子郵件"),
    "children": _("您綁定的孩子：就讀學校、班級、您與孩子的關係，和只給這個服務用的學生代號"),
    "bills:read": _(
        "您綁定的孩子的繳費單：項目、金額、期限、是否繳清，以及還沒繳的單子的超商條碼和轉帳帳號（看不到是誰付的、怎麼付的）"
    ),
}


class ClientScopes(BaseScopes):
    """Each client has the scopes that the city trusts it with, and none without asking."""

    def get_all_scopes(self):
        return WORDS

    def get_available_scopes(self, application=None, request=None, *args, **kwargs):
        return list(application.scopes if application else WORDS)

    def get_default_scopes(self, application=None, request=None, *args, **kwargs):
        return []
