"""What the worker does, in words."""

from django.utils.translation import gettext_lazy as _

JOBS = {
    "review.reminders.printing.set_batch": _("製作提醒單"),
    "review.automatic.approve_what_matches": _("核可相符的申請"),
    "staff.tasks.mail_staff_way_in": _("寄教職員設定密碼的連結"),
    "billing.bills.tasks.issue_batch": _("發出繳費單"),
    "billing.bills.tasks.release_batch": _("開放繳費單"),
    "billing.bills.tasks.close_batch": _("結束收款"),
    "billing.bills.tasks.remind_batch": _("提醒未繳的家長"),
    "billing.collection.tasks.post_collection_file": _("代收檔入帳"),
    "billing.paper.printing.set_batch": _("製作繳費單 PDF"),
    "registry.paper_forms.printing.set_batch": _("製作申請書 PDF"),
    "registry.tasks.check_roster_import": _("檢查名冊"),
    "registry.tasks.apply_roster_import": _("匯入名冊"),
    "accounts.tasks.mail_way_in": _("寄單一身分驗證設定密碼的連結"),
    "accounts.tasks.mail_portal_way_in": _("寄家長帳號設定密碼的連結"),
}
STATES = {
    "READY": ("todo", _("等待中")),
    "RUNNING": ("waiting", _("進行中")),
    "FAILED": ("refused", _("失敗")),
    "SUCCESSFUL": ("done", _("完成")),
}


def words_of(path: str) -> str:
    """What a task is called; its path where nobody gave it words."""
    return str(JOBS.get(path, path))
