"""People who do not fit the three ways to apply: a page each, found from where one is stuck."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Situation:
    """Its page is templates/help/people/<slug>.html."""

    slug: str
    title: str | Promise
    about: str | Promise


SITUATIONS = {
    one.slug: one
    for one in (
        Situation("alone", _("單親，或一方單獨監護"), _("離婚、喪偶、未婚，或聯絡不上另一位家長。")),
        Situation("carers", _("祖父母或親戚照顧孩子"), _("監護人委託其他人照顧，用委託書登錄。")),
        Situation("institutions", _("寄養家庭或機構"), _("孩子由寄養家庭或安置機構照顧。")),
        Situation("studying-parents", _("家長自己也是學生"), _("兩個家長帳號，一個是您的，一個是孩子的。")),
        Situation("passport", _("只有護照，沒有身分證或居留證"), _("先取得統一證號，或帶護照到註冊組。")),
        Situation("other-parent", _("另一位家長不同意"), _("一位可以自己申辦；意願不同時怎麼辦。")),
        Situation("email", _("沒有電子郵件，或兩人共用一個"), _("為什麼每個人要有自己的信箱。")),
        Situation("paper", _("沒有手機或電腦"), _("用紙本回覆，繳費照樣可以用繳費單。")),
    )
}
