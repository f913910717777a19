"""In which languages a consent text can be read, and the few words of ours that stand beside it in them.

They are no part of the catalogue: a text is read in Vietnamese also while the pages around it are Chinese.
"""

from typing import NamedTuple

OFFICIAL = "zh-hant"


class Words(NamedTuple):
    name: str  # of the language, in itself
    standing: str  # what the text is worth
    what: str
    why: str
    who: str
    how_long: str
    rights: str
    otherwise: str
    agree: str  # what the box and the button say, beside the words of the page
    decline: str


LANGUAGES = {
    OFFICIAL: Words(
        "中文",
        "正式文本，以此為準。",
        what="蒐集哪些資料",
        why="做什麼用",
        who="誰會用到",
        how_long="用多久",
        rights="您的權利",
        otherwise="不同意的話",
        agree="本人同意提供本同意書所需個資，以立即享有臺北酷課雲各項服務：請勾選，再按「申辦帳號」。",
        decline="本人不同意提供本同意書所需個資：請按「無意參加」。",
    ),
    "en": Words(
        "English",
        "For reading; the Chinese text is binding.",
        what="What we collect",
        why="Why",
        who="Who uses it",
        how_long="For how long",
        rights="Your rights",
        otherwise="If you don’t agree",
        agree="I agree to give the personal data named in this notice: tick the box, then press “申辦帳號” (apply for an account).",
        decline="I do not agree, and know that I can’t use these services: press “無意參加” (do not take part).",
    ),
    "vi": Words(
        "Tiếng Việt",
        "Bản dịch để tham khảo; bản tiếng Trung mới có giá trị pháp lý.",
        what="Thu thập những gì",
        why="Để làm gì",
        who="Ai sử dụng",
        how_long="Trong bao lâu",
        rights="Quyền của quý vị",
        otherwise="Nếu không đồng ý",
        agree="Tôi đồng ý cung cấp dữ liệu cá nhân nêu trong bản này: đánh dấu vào ô, rồi bấm “申辦帳號” (đăng ký tài khoản).",
        decline="Tôi không đồng ý và biết rằng sẽ không dùng được các dịch vụ này: bấm “無意參加” (không tham gia).",
    ),
    "id": Words(
        "Bahasa Indonesia",
        "Terjemahan untuk dibaca; yang berlaku secara hukum adalah teks bahasa Mandarin.",
        what="Data yang dikumpulkan",
        why="Untuk apa",
        who="Siapa yang memakai",
        how_long="Berapa lama",
        rights="Hak Anda",
        otherwise="Jika tidak setuju",
        agree="Saya setuju memberikan data pribadi yang disebut di sini: beri tanda pada kotak, lalu tekan “申辦帳號” (daftar akun).",
        decline="Saya tidak setuju dan tahu bahwa layanan ini tidak dapat saya pakai: tekan “無意參加” (tidak ikut serta).",
    ),
}


def choices() -> list[tuple[str, str]]:
    return [(code, words.name) for code, words in LANGUAGES.items()]


def html_code(code: str) -> str:
    """What `lang` says of words in this language."""
    return "zh-Hant" if code == OFFICIAL else code
