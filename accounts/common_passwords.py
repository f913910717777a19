"""Parts of passwords that half the world, or half of Taiwan, uses; and how much of a password is left without them."""

import re
import unicodedata

# Parts that make a password no harder to guess; whole passwords are on Django's list.
WORDS = """
password passw0rd passwd p@ssw0rd p@ssword pass1234 mypassword letmein iloveyou welcome administrator
admin master monkey dragon sunshine princess football baseball superman batman login secret default
changeme trustno1 whatever hello qwerty asdfgh zxcvbn abcdef abc123 qazwsx qweasd asdzxc 1qaz 2wsx 3edc
4rfv 5tgb 6yhn q1w2e3 1q2w3e
woaini woaiini aini wodemima mima nihao woshi laopo laogong baobei xiaobao shengri kuaile zhongguo
taiwan taipei kaohsiung formosa gongguan ximen tpedu school teacher student parent family 5201314
1314520 520520 1314 5488 7788 168168 1688 888888 666666 123123 112233 147258 159357 789456
ji32k7au4a83 au4a83 ji394su3 su3cl3 5j4up xu3 vup wu0 g4 ru4 2k7 j94 m06 vu04 cl3 g6s j06
臺灣 台灣 臺北 台北 密碼 我的密碼 我愛你 愛你 你好 您好 中華民國 民國 生日快樂 快樂 老婆 老公 寶貝 爸爸
媽媽 家長 學生 老師 學校 帳號 天下無敵 一生一世 萬事如意 恭喜發財 平安 測試 芝麻開門
"""
LONGEST_FIRST = sorted(WORDS.split(), key=len, reverse=True)

# What stands side by side: on keyboards (rows, and down their columns), in the alphabet, in counting, in Zhuyin.
ROWS = [
    "01234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop[]",
    "asdfghjkl;'",
    "zxcvbnm,./",
    "!@#$%^&*()",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
    "1q2w3e4r5t6y7u8i9o0p",
    "qawsedrftgyhujikolp",
    "一二三四五六七八九十",
    "零一二三四五六七八九",
    "甲乙丙丁戊己庚辛壬癸",
    "子丑寅卯辰巳午未申酉戌亥",
    "ㄅㄆㄇㄈㄉㄊㄋㄌㄍㄎㄏㄐㄑㄒㄓㄔㄕㄖㄗㄘㄙ",
]
RUN = 4  # so many neighbours are a run

DATE = r"(?:(?:19|20)\d\d|[01]?\d\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
SPELLED = r"\d{2,4}\s*[年/.-]\s*\d{1,2}\s*[月/.-]\s*\d{1,2}"
NUMBERS = re.compile(rf"{SPELLED}|09\d{{8}}|{DATE}|(?:19|20)\d\d")
SEPARATORS = re.compile(r"[\W_年月日]+")
REPEATED = re.compile(r"(.+?)\1{2,}|(.{2,}?)\2")


def fold(text):
    """As it is compared: one way to write a character, small letters."""
    return unicodedata.normalize("NFKC", text).casefold()


def squeeze(text):
    """Without what stands between: 2008-5-3, 97年5月3日."""
    return SEPARATORS.sub("", fold(text))


def what_is_left(password):
    """The characters that remain when well-known words, runs, dates, phones and repetitions are taken away."""
    left = fold(password)
    for word in LONGEST_FIRST:
        left = left.replace(word, " ")
    left = NUMBERS.sub(" ", left)
    left = _without_runs(left)
    left = REPEATED.sub(" ", left)
    return squeeze(left)


def _without_runs(text):
    for row in ROWS:
        for line in (row, row[::-1]):
            for length in range(len(line), RUN - 1, -1):
                for start in range(len(line) - length + 1):
                    text = text.replace(line[start : start + length], " ")
    return text
