"""The words of the paper form. Chinese stands on every form, so that the teacher can read it; the family's own
language stands beside it. They are kept here and not in the catalogue: a form is one text, read as a whole.
"""

from core.school_year import ROC_OFFSET
from registry.models.paper_forms import LANGUAGES


def own_name(language):
    """What the language of a form is called, without the Chinese that stands on all of them."""
    return LANGUAGES[language].rpartition("、")[2]


WEEKDAYS = {
    "zh-hant": ["一", "二", "三", "四", "五", "六", "日"],
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    "vi": ["thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"],
    "id": ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"],
}
MONTHS = {
    "en": ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"],
    "id": ["Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober",
           "November", "Desember"],
}  # fmt: skip

# Stand on every form.
CHINESE = {
    "title": "親子綁定申請書",
    "service": "臺北市校園單一身分驗證服務",
    "year": "{year}學年度",
    "return_by": "請於{date}以前交給導師",
    "class": "班級",
    "seat": "座號",
    "name": "學生姓名",
    "number": "學號",
    "missing": "空格是印不出來的字，請手寫",
    "answer": "家長意願",
    "steps": "上網申請，五個步驟",
    "applicants": "申請人",
    "agree": "同意",
    "decline": "不同意",
    "applicant_1": "申請人一",
    "applicant_2": "申請人二",
    "applicant_name": "姓名",
    "relationship": "與學生的關係",
    "mobile": "手機",
    "email": "電子郵件",
    "last_four": "證號末四碼",
    "signature": "家長（監護人）簽名",
    "signed_on": "日期",
    "date_blanks": ["年", "月", "日"],
    "help": "需要協助，請洽",
    "helpdesk": "帳號登入",
    "registrar": "學生資料",
    "cashier": "繳費",
    "school_part": "學校回收用",
    "school_hint": "導師登入後掃描或輸入回收碼，登記這份申請書。",
    "school_code": "回收碼",
    "seal": "導師核章",
}

# In the language of the family.
OWN = {
    "zh-hant": {
        "lead": "親愛的家長：申辦親子帳號之後，學雜費繳款、線上請假、調查表、班級通知與臺北酷課雲，都用同一個帳號。"
        "無論是否申辦，都請勾選意願並簽名，於{date}以前交給導師。",
        "answer_hint": "請擇一勾選",
        "agree": "本人同意提供申辦所需的個人資料，使用臺北酷課雲（親師生學習整合平臺）各項服務。請接著填寫申請人，並上網完成申請。",
        "decline": "本人不同意提供，且知悉未提供相關資料將無法使用上述服務。日後改變心意，可以重新申辦。",
        "steps_list": [
            "用手機掃描右邊的QR碼，或輸入QR碼下方的網址，選「家長」登入。",
            "帳號是*{account}*（P加上學號）。",
            "第一次登入的密碼是學生的身分證統一編號（或居留證號碼），第一個英文字母大寫。登入後請立刻變更密碼。",
            "依序完成「確認學生相關資訊」與「申辦親子帳號」，填寫申請人資料。",
            "在「同意簽署回傳」送出。導師核對這份申請書後審核，結果會寄到申請人的電子郵件。",
        ],
        "scan": "掃描登入",
        "applicants_hint": "同意申辦的家長填寫，一位或兩位，和網路上填的相同。電子郵件就是日後的帳號，兩位請用不同的信箱。",
    },
    "en": {
        "title": "Application for parent–child binding",
        "return_by": "Return to the homeroom teacher by {date}",
        "lead": "Dear parents, with a parent account you pay school fees, ask for leave, answer surveys, read class "
        "notices and use Taipei CooC Cloud (臺北酷課雲) with one log-in. Whether you apply or not, please tick your "
        "answer, sign, and return this form to the homeroom teacher by {date}.",
        "class": "Class",
        "seat": "Seat number",
        "name": "Student’s name",
        "number": "Student number",
        "answer": "Your answer",
        "answer_hint": "tick one",
        "agree_word": "I agree",
        "agree": "to give the personal data needed to apply, and to use the services of Taipei CooC Cloud. Please fill "
        "in the applicants below and apply online.",
        "decline_word": "I do not agree",
        "decline": "and I know that I cannot use these services without giving the data. I can apply later.",
        "steps": "Apply online in five steps",
        "steps_list": [
            "Scan the QR code with your phone, or type the address below it, and log in as a parent (家長).",
            "Your account is *{account}* (P and the student number).",
            "The password for the first log-in is the student’s national ID or resident certificate number, its first "
            "letter a capital. Change the password right after logging in.",
            "Do *Confirm student details* (確認學生相關資訊), then *Apply for a parent account* (申辦親子帳號).",
            "Send it in *Sign and send* (同意簽署回傳). The homeroom teacher compares it with this form; you get the "
            "result by e-mail.",
        ],
        "scan": "Scan to log in",
        "applicants": "Applicants",
        "applicants_hint": "If you agree: one or two people, the same as online. The e-mail becomes the account, so two "
        "people need two addresses.",
        "applicant_1": "Applicant 1",
        "applicant_2": "Applicant 2",
        "applicant_name": "Name",
        "relationship": "Relationship",
        "mobile": "Mobile number",
        "email": "E-mail",
        "last_four": "Last 4 digits of ID",
        "signature": "Signature of parent or guardian",
        "signed_on": "Date",
        "help": "Questions? Please call",
        "helpdesk": "Log-in",
        "registrar": "Student details",
        "cashier": "Payments",
        "school_part": "For the school",
    },
    "vi": {
        "title": "Đơn đăng ký tài khoản phụ huynh",
        "return_by": "Nộp cho giáo viên chủ nhiệm chậm nhất vào {date}",
        "lead": "Kính gửi quý phụ huynh: Chỉ cần một tài khoản phụ huynh, quý vị có thể nộp học phí, xin phép nghỉ học, "
        "trả lời khảo sát, đọc thông báo của lớp và sử dụng Taipei CooC Cloud (臺北酷課雲). Dù đăng ký hay "
        "không, xin đánh dấu ý kiến, ký tên và nộp đơn này cho giáo viên chủ nhiệm chậm nhất vào {date}.",
        "class": "Lớp",
        "seat": "Số thứ tự",
        "name": "Họ tên học sinh",
        "number": "Mã số học sinh",
        "answer": "Ý kiến của phụ huynh",
        "answer_hint": "đánh dấu một ô",
        "agree_word": "Tôi đồng ý",
        "agree": "cung cấp thông tin cá nhân cần thiết để đăng ký và sử dụng các dịch vụ của Taipei CooC Cloud. Xin "
        "điền thông tin người đăng ký ở bên dưới và hoàn tất việc đăng ký trên mạng.",
        "decline_word": "Tôi không đồng ý",
        "decline": "và hiểu rằng nếu không cung cấp thông tin thì không thể sử dụng các dịch vụ trên. Sau này tôi vẫn "
        "có thể đăng ký.",
        "steps": "Đăng ký trên mạng trong năm bước",
        "steps_list": [
            "Dùng điện thoại quét mã QR bên phải, hoặc nhập địa chỉ bên dưới mã, rồi chọn phụ huynh (家長) để đăng "
            "nhập.",
            "Tài khoản là *{account}* (chữ P và mã số học sinh).",
            "Mật khẩu đăng nhập lần đầu là số căn cước (身分證) hoặc số thẻ cư trú (居留證) của học sinh, chữ cái đầu "
            "viết hoa. Đăng nhập xong, xin đổi mật khẩu ngay.",
            "Lần lượt thực hiện *Xác nhận thông tin học sinh* (確認學生相關資訊) và *Đăng ký tài khoản phụ huynh* "
            "(申辦親子帳號).",
            "Gửi đơn ở mục *Ký và gửi* (同意簽署回傳). Giáo viên chủ nhiệm đối chiếu với đơn này rồi xét duyệt; kết quả "
            "được báo qua e-mail.",
        ],
        "scan": "Quét mã để đăng nhập",
        "applicants": "Người đăng ký",
        "applicants_hint": "Điền nếu đồng ý: một hoặc hai người, khai giống như trên mạng. E-mail sẽ là tên tài khoản, nên "
        "hai người cần hai e-mail khác nhau.",
        "applicant_1": "Người đăng ký 1",
        "applicant_2": "Người đăng ký 2",
        "applicant_name": "Họ và tên",
        "relationship": "Quan hệ với học sinh",
        "mobile": "Điện thoại di động",
        "email": "E-mail",
        "last_four": "4 số cuối căn cước",
        "signature": "Chữ ký của phụ huynh hoặc người giám hộ",
        "signed_on": "Ngày ký",
        "help": "Cần hỗ trợ, xin gọi",
        "helpdesk": "Đăng nhập",
        "registrar": "Thông tin học sinh",
        "cashier": "Nộp học phí",
        "school_part": "Phần dành cho nhà trường",
    },
    "id": {
        "title": "Formulir permohonan akun orang tua",
        "return_by": "Kembalikan kepada wali kelas paling lambat {date}",
        "lead": "Bapak/Ibu yang terhormat, cukup dengan satu akun orang tua, Anda dapat membayar biaya sekolah, meminta "
        "izin tidak masuk, mengisi survei, membaca pengumuman kelas, dan memakai Taipei CooC Cloud (臺北酷課雲). "
        "Baik mendaftar maupun tidak, mohon centang pilihan Anda, tanda tangani formulir ini, dan kembalikan kepada "
        "wali kelas paling lambat {date}.",
        "class": "Kelas",
        "seat": "Nomor absen",
        "name": "Nama siswa",
        "number": "Nomor induk siswa",
        "answer": "Pilihan orang tua",
        "answer_hint": "centang satu",
        "agree_word": "Saya setuju",
        "agree": "memberikan data pribadi yang diperlukan untuk mendaftar dan memakai layanan Taipei CooC Cloud. Mohon "
        "isi data pemohon di bawah, lalu selesaikan pendaftaran secara daring.",
        "decline_word": "Saya tidak setuju",
        "decline": "dan memahami bahwa tanpa data tersebut saya tidak dapat memakai layanan di atas. Saya tetap dapat "
        "mendaftar di kemudian hari.",
        "steps": "Daftar secara daring dalam lima langkah",
        "steps_list": [
            "Pindai kode QR di sebelah kanan dengan ponsel, atau ketik alamat di bawahnya, lalu masuk sebagai orang tua "
            "(家長).",
            "Akun Anda adalah *{account}* (huruf P dan nomor induk siswa).",
            "Kata sandi untuk masuk pertama kali adalah nomor kartu identitas (身分證) atau izin tinggal (居留證) siswa, "
            "huruf pertamanya kapital. Setelah masuk, segera ganti kata sandi.",
            "Selesaikan *Konfirmasi data siswa* (確認學生相關資訊), lalu *Daftar akun orang tua* (申辦親子帳號).",
            "Kirim di *Tanda tangani dan kirim* (同意簽署回傳). Wali kelas mencocokkannya dengan formulir ini; hasilnya "
            "dikirim lewat e-mail.",
        ],
        "scan": "Pindai untuk masuk",
        "applicants": "Pemohon",
        "applicants_hint": "Diisi jika setuju: satu atau dua orang, sama dengan data daring. E-mail menjadi nama akun, "
        "jadi dua orang memerlukan dua e-mail.",
        "applicant_1": "Pemohon 1",
        "applicant_2": "Pemohon 2",
        "applicant_name": "Nama",
        "relationship": "Hubungan dengan siswa",
        "mobile": "Nomor ponsel",
        "email": "E-mail",
        "last_four": "4 digit akhir ID",
        "signature": "Tanda tangan orang tua atau wali",
        "signed_on": "Tanggal",
        "help": "Ada pertanyaan? Hubungi",
        "helpdesk": "Akun dan login",
        "registrar": "Data siswa",
        "cashier": "Pembayaran",
        "school_part": "Diisi oleh sekolah",
    },
}  # fmt: skip


def long_date(day, language):
    """115年9月14日（一）, Monday, 14 September 2026 …"""
    weekday = WEEKDAYS[language][day.weekday()]
    if language == "zh-hant":
        return f"{day.year - ROC_OFFSET}年{day.month}月{day.day}日（{weekday}）"
    if language == "vi":
        return f"{weekday}, ngày {day.day}/{day.month}/{day.year}"
    return f"{weekday}, {day.day} {MONTHS[language][day.month - 1]} {day.year}"


def words(language, *, return_on, school_year):
    """{"zh": …, "own": …}: the words of a form with the dates filled in; `{account}` is left to each student."""
    dates = {"zh": long_date(return_on, "zh-hant"), "own": long_date(return_on, language)}
    return {
        "zh": _fill(CHINESE, date=dates["zh"], year=school_year),
        "own": _fill(OWN[language], date=dates["own"], year=school_year),
        "language": language,
    }


def _fill(texts, **values):
    return {
        name: text.format(account="{account}", **values) if isinstance(text, str) else text
        for name, text in texts.items()
    }
