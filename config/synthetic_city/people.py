"""Names and numbers of people who do not exist; the same seed makes the same people."""

import random

from core.identity import LETTERS, WEIGHTS, kind_of

SURNAMES = "陳林黃張李王吳劉蔡楊許鄭謝郭洪曾邱廖賴周徐蘇葉莊呂江何蕭羅高潘簡朱鍾彭游詹胡施沈余趙盧梁顏柯孫魏翁戴范方宋鄧杜傅侯曹薛丁卓馬董唐藍石蔣古紀姚連歐程湯田康姜汪白鄒尤巫鐘黎涂龔嚴韓袁"
FIRSTS = "品子宥承宇柏彥冠家睿思詠書予芯若采詩語心雅佳怡淑俊建志明文"
SECONDS = "恩妤翔叡廷安希晴涵霖蓉庭瑄妍潔彤穎嫻宏豪偉傑華芬玲娟惠雯萱綺"
OTHERS = ["Nguyen Thi Hoa", "Siti Aminah", "Tran Van Minh", "Maria Santos", "以莉．高露"]
PLACES = "大安中山信義松山內湖南港文山萬華士林北投大同中正"
SERIALS = 10_000_000  # numbers of one letter and gender
LEVELS = [("國民小學", 6), ("國民中學", 3), ("高級中學", 3)]


class People:
    """Makes one person after another; no ID number comes twice from one seed."""

    def __init__(self, seed):
        self.random = random.Random(seed)  # noqa: S311 – made-up people, not secrets
        self.serial = self.random.randrange(1_000_000)

    def name(self):
        if self.random.random() < 0.01:
            return self.random.choice(OTHERS)
        pick = self.random.choice
        return pick(SURNAMES) + pick(FIRSTS) + pick(SECONDS)

    def identity_number(self, gender=None):
        """A valid number; one in fifty is a new resident number."""
        self.serial = (self.serial + 1) % SERIALS
        gender = gender or self.random.choice([1, 2])
        if self.random.random() < 0.02:
            gender += 7
        return complete(f"{self.random.choice('AFBEGH')}{gender}{self.serial:07d}")

    def mobile(self):
        return f"09{self.random.randrange(10_000_000, 99_999_999)}"

    def birthday(self, age_year):
        """A day of the school year in which people born then enter together (September to August)."""
        month, day = self.random.randrange(1, 13), self.random.randrange(1, 29)
        return f"{age_year + (month < 9)}-{month:02d}-{day:02d}"


def other_name(name, step):
    """Another name for `name`, the same for the same `step`; one that is not made of our characters stays."""
    kinds = (SURNAMES, FIRSTS, SECONDS)
    if len(name) != len(kinds) or any(one not in kind for one, kind in zip(name, kinds, strict=True)):
        return name
    steps = (7 * step, 11 * step, 13 * step)
    return "".join(kind[(kind.index(one) + far) % len(kind)] for one, kind, far in zip(name, kinds, steps, strict=True))


def complete(beginning):
    """Letter, gender and serial with the check digit that makes them valid."""
    area = LETTERS.index(beginning[0]) + 10
    digits = [area // 10, area % 10, *map(int, beginning[1:])]
    number = beginning + str(-sum(w * d for w, d in zip(WEIGHTS, digits, strict=False)) % 10)
    if not kind_of(number):
        raise ValueError(f"{beginning} cannot be completed")
    return number
