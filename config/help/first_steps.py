"""The first day at each desk: what to do in which order, with the page where it is done.

A button or a tab is quoted as 「…」 in the very words of its page; a test compares them with the catalogue.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registry.roles import Role

Words = str | Promise
CITY = "city"


@dataclass(frozen=True)
class FirstStep:
    """`page` is the name of the page that `title` leads to: a school's takes the school, a city's (`city:…`) nothing."""

    title: Words
    words: Words
    page: str


@dataclass(frozen=True)
class FirstDay:
    """`key`: of the role, or `CITY`; `aim` says what has been reached in the evening."""

    key: str
    label: Words
    aim: Words
    steps: tuple[FirstStep, ...]


TEACHER = FirstDay(
    Role.HOMEROOM_TEACHER,
    Role.HOMEROOM_TEACHER.label,
    _("收齊全班的申請書，審核家長的申請。"),
    (
        FirstStep(
            _("打開自己的班級"),
            _("登入後就是自己的班。看不到班級，是名冊上的導師帳號和您的登入帳號不同，請洽註冊組。"),
            "review:home",
        ),
        FirstStep(
            _("收回申請書"),
            _(
                "打開「用條碼機或座號登記申請書」，掃條碼，或輸入座號，例如「3 5 8 12」；也可以在列表按「已收（同意）」。"
            ),
            "review:home",
        ),
        FirstStep(
            _("登記不同意的家庭"),
            _(
                "紙本勾選不同意，按「已收（不同意）」。家長不會上網的，勾選後按「以紙本意願為準（家長不上網）」，這一家就完成了。"
            ),
            "review:home",
        ),
        FirstStep(
            _("審核申請"),
            _(
                "拿著申請書，核對姓名、證號末四碼和電話，相符就按「核可」；有錯按「退回修正」，勾選要改的項目。信寄出之前都可以復原。"
            ),
            "review:home",
        ),
        FirstStep(
            _("拿不定主意的，轉出去"), _("監護有爭議、證件有疑問，按「轉請註冊組審核」並寫下原因。"), "review:home"
        ),
        FirstStep(
            _("催還沒有交的"),
            _("「名單與提醒單」裡有「全班一張勾選表（PDF）」，和「未交名單（可貼到 LINE）」。"),
            "review:home",
        ),
    ),
)

REGISTRAR = FirstDay(
    Role.REGISTRAR,
    Role.REGISTRAR.label,
    _("全校的學生、班級和導師都在系統裡，申請書印好交給導師。"),
    (
        FirstStep(
            _("匯入名冊"),
            _(
                "上傳校務行政系統匯出的學生名冊，欄位名稱不同也可以對應。按「檢查名冊」，看過預覽，再按「確認匯入」；寫入後還可以復原。"
            ),
            "registry:roster-list",
        ),
        FirstStep(
            _("看每一班有沒有導師"),
            _("到「班級」看導師；名冊沒有導師帳號的班，在班級的頁面按「指派」。"),
            "registry:classes",
        ),
        FirstStep(
            _("決定審核規則"), _("哪些申請由導師審核、核可後多久之內可以復原，在「審核規則」設定。"), "review:rules"
        ),
        FirstStep(
            _("印申請書"), _("勾選班級，按「製作選取的班級」，做好後下載列印，交給導師發給學生。"), "registry:forms"
        ),
        FirstStep(_("設定提醒"), _("到「提醒」看信的內容和會寄給多少家庭，再按「開始提醒」。"), "review:reminders"),
        FirstStep(
            _("處理家長說資料有誤的"),
            _("家長按「資訊有誤」寫下的，都在「資料更正」等您處理；處理完，家長才能繼續。"),
            "binding:corrections",
        ),
        FirstStep(
            _("每天看一次等您處理的"),
            _("「審核」的最上面，是由註冊組審核的申請、資料更正、紙本與線上不同和信箱退信的件數。"),
            "review:home",
        ),
    ),
)

CASHIER = FirstDay(
    Role.CASHIER,
    Role.CASHIER.label,
    _("繳費單發出去，超商、銀行和櫃檯收的錢都對得起來。"),
    (
        FirstStep(
            _("填代收設定"),
            _("照合約填寫超商代收代號和銀行帳號，按「先看範例」和測試單逐碼核對，再按「儲存」。"),
            "billing:cashier-settings",
        ),
        FirstStep(
            _("上傳收費表"),
            _(
                "一位學生一列，一個項目一欄。按「上傳並核對」，確認哪些欄是收費項目，系統先做成草稿；全班金額相同的，用「依班級製作」。"
            ),
            "billing:cashier-batch-upload",
        ),
        FirstStep(
            _("檢查並發出"),
            _("看份數、總金額和沒有繳費單的學生，再按「檢查並發出」。開放給家長之前，可以「整批收回」。"),
            "billing:cashier-batches",
        ),
        FirstStep(_("印繳費單"), _("需要紙本的班級，到「印繳費單」製作 PDF，交給導師。"), "billing:cashier-slips"),
        FirstStep(
            _("櫃檯收款"),
            _("輸入學號、姓名或銷帳編號找到繳費單，登記收據號碼。一家有幾張，勾選後按「收勾選的繳費單」，會算找零。"),
            "billing:cashier-cash",
        ),
        FirstStep(
            _("上傳代收檔"),
            _("到「代收檔」上傳超商或銀行的檔案，先看每一筆會怎麼入帳，再確認。"),
            "billing:cashier-collections",
        ),
        FirstStep(
            _("一天結束"),
            _("先看「待查」和「退款」還有沒有要處理的，再到「日結」下載當天的報表。"),
            "billing:cashier-day",
        ),
    ),
)

HELPDESK = FirstDay(
    Role.HELPDESK,
    Role.HELPDESK.label,
    _("家長打電話來，三分鐘之內知道卡在哪裡。"),
    (
        FirstStep(
            _("先查，再問"),
            _("請家長說孩子的學號或姓名，在「帳號協助」查詢。不要問證號；網路中心看不到，也不需要。"),
            "staff:helpdesk",
        ),
        FirstStep(
            _("念出辦到哪裡"),
            _("家庭的頁面寫著辦到哪一步、輪到誰、信箱的開頭和結尾。念給家長聽，常常就能聽出信箱打錯。"),
            "staff:helpdesk",
        ),
        FirstStep(_("密碼錯太多次"), _("按「解除鎖定」，可以馬上再登入。"), "staff:helpdesk"),
        FirstStep(
            _("忘記密碼"),
            _(
                "先請家長自己用登入頁的「忘記密碼？」。不行再按「重設密碼」；重設會通知這個家庭留下的每一個信箱，請先確認來電的人是誰。"
            ),
            "staff:helpdesk",
        ),
        FirstStep(
            _("沒有收到信"),
            _("看信有沒有寄出、有沒有被退回。沒問題就按「重寄」；信箱錯了，請家長找註冊組做「信箱更正」。"),
            "staff:helpdesk",
        ),
    ),
)

PRINCIPAL = FirstDay(
    Role.PRINCIPAL,
    Role.PRINCIPAL.label,
    _("一眼看到全校辦到哪裡，哪一班需要幫忙。"),
    (
        FirstStep(
            _("看統計"),
            _("「統計」的第一句話，是全校有多少家庭已回覆意願、收回多少申請書，和上週、去年相比差多少。"),
            "review:census",
        ),
        FirstStep(_("找落後的班"), _("「各班回覆的情形」可以依回覆率或待審時間排列。"), "review:census"),
        FirstStep(
            _("看紙本與線上不同"),
            _("兩邊意願不同的學生在「紙本與線上不同」，由註冊組和導師處理。"),
            "review:mismatches",
        ),
        FirstStep(_("看收費的情形"), _("同一頁有繳費單已繳的張數、收到和應收的金額。"), "review:census"),
        FirstStep(_("帶去開會"), _("按「下載 PDF」或「下載 Excel」。"), "review:census"),
    ),
)

SCHOOL_ADMIN = FirstDay(
    Role.SCHOOL_ADMIN,
    Role.SCHOOL_ADMIN.label,
    _("每一位同仁都能登入，家長找得到學校的電話。"),
    (
        FirstStep(
            _("填學校資料"),
            _("到「學校資料」填三支電話、公告和截止日，家長在每一頁的最下面都看得到。"),
            "staff:own-school",
        ),
        FirstStep(
            _("邀請註冊組、出納組和網路中心"),
            _("按「邀請一位」，填電子郵件、勾選職務。對方收到信，自己設定密碼。"),
            "staff:staff-invite",
        ),
        FirstStep(
            _("匯入老師的名單"),
            _("人很多時按「匯入名單」。帳號要和名冊上的導師帳號相同，老師登入後才看得到自己的班。"),
            "staff:staff-file",
        ),
        FirstStep(
            _("看誰還沒有登入"),
            _("「教職員」的狀態寫著誰收了邀請還沒設定密碼；在那個人的頁面可以按「寄設定密碼的連結」。"),
            "staff:staff-accounts",
        ),
        FirstStep(_("手機換了的同仁"), _("在他的頁面按「重設第二道驗證」，請確認是本人。"), "staff:staff-accounts"),
        FirstStep(
            _("有人離職"), _("在他的頁面按「停用帳號」；會先告訴您，哪些班或職務就沒有人了。"), "staff:staff-accounts"
        ),
        FirstStep(
            _("知道發生過什麼"), _("「事件紀錄」是誰在什麼時候做了什麼，可以依種類和帳號查詢。"), "staff:event-log"
        ),
    ),
)

OF_CITY = FirstDay(
    CITY,
    pgettext_lazy("first day", "市府"),
    _("學校都開放了，同意書已經發布，服務可以登入。"),
    (
        FirstStep(
            _("匯入學校"),
            _("按「匯入學校名單」，看過預覽再寫入。新學校先不開放，準備好再到「學校」按「開放」。"),
            "city:school-file",
        ),
        FirstStep(
            _("發布同意書"),
            _("在「同意書」按「新增版本」寫草稿，看預覽、和前一版的差別、發布之後誰會讀到，再按「發布…」。"),
            "city:texts",
        ),
        FirstStep(
            _("登記服務"),
            _("在「介接與金鑰」按「登記介接系統」。密鑰只顯示一次，請直接交給對方的工程師。"),
            "city:services",
        ),
        FirstStep(_("看信寄到了沒有"), _("「郵件」是最近無法寄送或被退回的信，依學校篩選。"), "city:mails"),
        FirstStep(
            _("看背景工作"),
            _("「背景工作」寫著失敗、進行中和等待中的工作。失敗的，請該校重做一次；一再失敗，請洽系統人員。"),
            "city:jobs",
        ),
        FirstStep(_("看全市的進度"), _("「統計」列出每一所學校，可以依待審時間排列。"), "city:census"),
        FirstStep(_("其他的設定"), _("很少用到的資料在「管理後台」。"), "admin:index"),
    ),
)

DAYS = (TEACHER, REGISTRAR, CASHIER, HELPDESK, PRINCIPAL, SCHOOL_ADMIN, OF_CITY)
