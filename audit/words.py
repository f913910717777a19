"""Every kind of event in the words of an office; a test looks for kinds without words."""

from typing import Any

from django.apps import apps
from django.utils.translation import gettext_lazy as _

EVENTS = {
    "account.changed": _("修改帳號資料"), "account.created": _("建立帳號"), "account.unlocked": _("解除鎖定"),
    "address.tried_again": _("恢復寄信到退信的信箱"),
    "admin.action": _("管理後台：批次處理"), "admin.added": _("管理後台：新增"), "admin.changed": _("管理後台：修改"), "admin.deleted": _("管理後台：刪除"),
    "applicant.address_asked": _("請申請人確認信箱"), "applicant.address_confirmed": _("申請人確認信箱"), "applicant.address_refused": _("信箱不是申請人的"),
    "applicant.approved": _("核可申請人"), "applicant.rejected": _("不通過申請人"), "applicant.returned": _("退回申請人修正"), "applicant.corrected": _("更正申請人資料"),
    "applicant.saved": _("填寫申請人"), "applicant.undone": _("復原審核"),
    "application.checked": _("核對申請"), "application.escalated": _("轉請註冊組審核"), "application.returned_to_teacher": _("退回導師審核"),
    "application.started": _("開始申請"), "application.submitted": _("送出申請"), "application.withdrawn": _("撤回申請"),
    "bill_slips.failed": _("製作繳費單失敗"), "bill_slips.ready": _("繳費單製作完成"), "bill_slips.requested": _("製作繳費單"), "bill_slips.restarted": _("重新製作繳費單"),
    "bill.joined": _("分期併回一張"), "bill.split": _("繳費單分期"), "bill.reissued": _("更正後重發繳費單"), "bill.voided": _("作廢繳費單"), "bills.closed": _("結束收款"), "bills.discarded": _("捨棄繳費單草稿"),
    "bills.drafted": _("建立繳費單草稿"), "bills.exported": _("下載繳費批次"), "bills.issued": _("發出繳費單"), "bills.issuing": _("開始發出繳費單"), "bills.taken_back": _("收回繳費單"),
    "bills.reminded": _("提醒未繳的家長"), "bills.reminders": _("停止或恢復繳費提醒"),
    "bills.term": _("設定繳費單學期"), "bills.translated": _("翻譯繳費單文字"),
    "binding.confirmed": _("確認綁定"), "binding.ended": _("終止綁定"), "binding.prolonged": _("延長委託照顧"), "binding.started": _("完成綁定"), "binding.taken_back": _("收回綁定"),
    "census.exported": _("下載統計"), "charges.template": _("下載收費表範本"),
    "class.changed": _("修改班級"), "class.created": _("新增班級"), "class_list.printed": _("列印班級名單"),
    "client.changed": _("修改介接系統"), "client.previous_secret_dropped": _("停用介接系統的前一組密鑰"), "client.registered": _("登記介接系統"), "client.secret_renewed": _("更換介接系統密鑰"),
    "day_end.exported": _("下載日結"), "collection.taken": _("上傳代收檔"),
    "collecting_agent.changed": _("修改代收設定"), "collection.confirmed": _("確認代收檔"), "collection.exported": _("下載代收檔"), "collection.posted": _("代收檔入帳"), "collection.thrown_away": _("捨棄代收檔"),
    "consent.agreed": _("同意申辦"), "consent.declined": _("無意參加"),
    "consent_text.added": _("新增同意書版本"), "consent_text.changed": _("修改同意書版本"), "consent_text.published": _("發布同意書版本"),
    "correction.requested": _("提出資料更正"), "correction.done": _("完成資料更正"), "correction.declined": _("不更正資料"), "correction.reworded": _("修改更正的說明"), "correction.withdrawn": _("收回資料更正"),
    "counter.reversed": _("沖正櫃檯收款"),
    "court_order.entered": _("登錄法院裁定"), "court_order.expired": _("法院裁定到期"), "court_order.lifted": _("解除法院裁定"), "court_order.took_effect": _("法院裁定生效"),
    "custody.expired": _("監護限制到期"), "custody.lifted": _("解除監護限制"), "custody.restricted": _("設定監護限制"),
    "deadline.extended": _("延長截止日"), "deadline.extension_taken_back": _("收回延長"),
    "email_change.asked": _("申請更改電子郵件"), "email_change.changed": _("更改電子郵件"), "email_change.undone": _("還原電子郵件"),
    "email_correction.allowed": _("同意信箱更正"), "email_correction.asked": _("提出信箱更正"), "email_correction.cancelled": _("取消信箱更正"),
    "email_correction.changed": _("完成信箱更正"), "email_correction.link_sent": _("寄出信箱更正的連結"), "email_correction.refused": _("不同意信箱更正"),
    "person_correction.asked": _("提出更正姓名或證號"), "person_correction.changed": _("更正姓名或證號"), "person_correction.refused": _("不同意更正姓名或證號"),
    "person_correction.cancelled": _("取消更正姓名或證號"), "person_correction.replaced": _("改提另一次姓名或證號更正"),
    "evidence.added": _("上傳證明文件"), "evidence.removed": _("刪除證明文件"), "evidence.viewed": _("查看證明文件"),
    "homeroom.assigned": _("指定導師"), "homeroom.ended": _("結束導師職務"),
    "identity.searched": _("以證號查詢"), "identity.viewed": _("查看證號"),
    "list.exported": _("下載清單"), "login.failed": _("登入失敗：密碼不對"), "login.spraying": _("有人嘗試大量帳號"), "login.succeeded": _("登入成功"), "logout": _("登出"),
    "mailbox.proved": _("驗證信箱"), "mailbox.refused": _("信箱驗證被拒"), "message.bounced": _("信件退回"), "message.resent": _("重寄信件"), "message.viewed": _("查看信件"),
    "own_data.taken": _("下載自己的資料"),
    "paper_form.marked": _("登記申請書"), "paper_form.taken_back": _("復原申請書登記"), "paper_forms.failed": _("製作申請書失敗"), "paper_forms.printed": _("列印申請書"), "paper_forms.ready": _("申請書製作完成"), "paper_forms.requested": _("製作申請書"), "paper_forms.restarted": _("重新製作申請書"),
    "password.changed": _("改了密碼"), "password.refused": _("再次輸入密碼：不對"), "password.reset": _("網路中心重設密碼"), "password.reset_asked": _("要求重設密碼"),
    "payment.let_go": _("放棄付款"), "payment.left": _("離開付款"), "payment.started": _("開始付款"), "payment.code_issued": _("取得繳費代碼"), "payment.paid": _("付款成功"), "payment.failed": _("付款失敗"),
    "receipt.voided": _("作廢收據"), "refund.due": _("應退款"), "refund.made": _("完成退款"), "refund.taken_back": _("收回退款"), "refund.payee_kept": _("登錄退款帳戶"),
    "refund_file.given_up": _("取消匯款檔"), "refund_file.made": _("製作匯款檔"), "refund_file.paid": _("登記匯款檔已匯出"),
    "refund_file.returned": _("登記銀行退回"), "refund_file.taken": _("下載匯款檔"),
    "reminders.ended": _("結束提醒"), "reminders.ladder_written": _("修改提醒的日程"), "reminders.opted_in": _("恢復收提醒信"), "reminders.opted_out": _("不再收提醒信"),
    "reminders.sent": _("寄出提醒"), "reminders.sent_to_family": _("提醒一個家庭"), "reminders.started": _("開始提醒"), "reminders.stopped": _("停止提醒"),
    "return_reasons.written": _("修改退回的原因"), "review_rules.written": _("修改審核規則"),
    "roster.checked_again": _("重新檢查名冊"), "roster.confirmed": _("確認匯入名冊"), "roster.exported": _("下載名冊"), "roster.imported": _("匯入名冊"),
    "roster.left": _("放棄名冊"), "roster.marked_file_taken": _("下載標示錯誤的名冊"), "roster.undone": _("復原名冊"), "roster.uploaded": _("上傳名冊"),
    "school.changed": _("修改學校資料"), "school.closed": _("關閉學校"), "school.created": _("新增學校"), "school.opened": _("開放學校"), "school.promoted": _("升級"), "schools.imported": _("匯入學校名單"),
    "second_factor.codes_written": _("產生備用碼"), "second_factor.device_recognised": _("認得這個裝置"), "second_factor.device_trusted": _("記住這個裝置"), "second_factor.devices_forgotten": _("忘記裝置"),
    "second_factor.enrolled": _("設定第二道驗證"), "second_factor.failed": _("第二道驗證失敗"), "second_factor.passed": _("通過第二道驗證"), "second_factor.reset": _("重設第二道驗證"), "second_factor.turned_off": _("關閉第二道驗證"),
    "service.connected": _("連結服務"), "service.disconnected": _("解除服務連結"), "session.ended_elsewhere": _("登出其他裝置"),
    "settlement.applied": _("款項入帳"), "settlement.duplicate": _("重複繳費"), "settlement.mismatch": _("款項金額或時間不符"),
    "settlement.unknown": _("款項找不到繳費單"), "settlement.handed_over": _("移交款項"), "settlement.resolved": _("處理待查帳款"),
    "sign_on.replayed": _("登入憑證被重複使用"), "signing_key.first_made": _("產生第一把簽章金鑰"), "signing_key.rotated": _("換用下一把簽章金鑰"), "slips.failed": _("製作提醒單失敗"), "slips.printed": _("列印提醒單"),
    "slips.ready": _("提醒單製作完成"), "slips.requested": _("製作提醒單"), "slips.restarted": _("重新製作提醒單"),
    "sso_account.activated": _("開通單一身分驗證帳號"), "sso_account.came_back": _("恢復單一身分驗證帳號"), "sso_account.closed": _("停用單一身分驗證帳號"), "sso_account.initial_renewed": _("重發初始密碼"),
    "sso_account.left": _("本人停用單一身分驗證帳號"), "sso_account.opened": _("建立單一身分驗證帳號"), "sso_account.opening_undone": _("復原帳號建立"), "sso_account.reopened": _("重新啟用單一身分驗證帳號"),
    "staff.imported": _("匯入教職員名單"), "staff.invited": _("邀請教職員"), "staff.link_asked": _("教職員要求設定密碼的連結"), "staff.link_sent": _("寄設定密碼的連結"),
    "staff.number_forgotten": _("清除教職員證號"), "staff.number_kept": _("登錄教職員證號"), "staff.password_set": _("教職員設定密碼"), "staff.roles_changed": _("修改教職員角色"),
    "staff.switched_off": _("停用教職員帳號"), "staff.switched_on": _("啟用教職員帳號"),
    "student.corrected": _("更正學籍資料"), "student.created": _("新增學生"), "student.enrolled": _("復學或回到在學"), "student.graduated": _("畢業"),
    "student.kept": _("仍在本校"), "student.left": _("離校"), "student.on_leave": _("休學"), "student.transferring": _("轉學中"), "students.kept": _("一批學生仍在本校"),
    "student_note.written": _("寫下學生的註記"), "student_note.removed": _("刪除學生的註記"), "student_data.confirmed": _("確認學生相關資訊"),
    "webhook.changed": _("修改繳費通知的網址"), "webhook.registered": _("登記繳費通知的網址"), "webhook.secret_renewed": _("更換繳費通知的密鑰"),
    "withdrawal.agreed": _("同意撤回"), "withdrawal.asked": _("請求撤回同意"), "withdrawal.kept": _("保留綁定"), "withdrawal.lapsed": _("撤回請求逾期"), "withdrawal.taken_back": _("收回撤回請求"),
}  # fmt: skip


def target_words(event: Any) -> str:
    """What an event happened to: the kind of thing and its number, which is nobody's ID number."""
    if not event.target_type:
        return ""
    try:
        kind = str(apps.get_model(event.target_type)._meta.verbose_name)
    except LookupError:  # a table of an older version
        kind = event.target_type
    return f"{kind} #{event.target_id}"


def words_of(event: str) -> str:
    """What happened, in words; the code where it has none."""
    return str(EVENTS.get(event, event))
