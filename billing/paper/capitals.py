"""Amounts in the capital numerals of cheques and receipts (國字大寫), which nobody can alter with a stroke."""

DIGITS = "零壹貳參肆伍陸柒捌玖"
PLACES = ("", "拾", "佰", "仟")
MYRIADS = ("", "萬", "億")
HIGHEST = 10 ** (4 * len(MYRIADS)) - 1


def in_capitals(amount):
    """14520: 壹萬肆仟伍佰貳拾元整. Whole dollars from 0 to 999,999,999,999; otherwise ValueError."""
    if not 0 <= amount <= HIGHEST:
        raise ValueError(f"{amount} is not an amount to write out")
    if not amount:
        return f"{DIGITS[0]}元整"
    words, is_gap = "", False
    for power in reversed(range(len(MYRIADS))):
        four = amount // 10_000**power % 10_000
        if not four:
            is_gap = bool(words)
            continue
        if words and (is_gap or four < 1000):
            words += DIGITS[0]
        words += _four(four) + MYRIADS[power]
        is_gap = False
    return f"{words}元整"


def _four(number):
    """1 to 9999; zeros between digits are one 零, those at the end none."""
    words, is_gap = "", False
    for place in reversed(range(len(PLACES))):
        digit = number // 10**place % 10
        if not digit:
            is_gap = bool(words)
            continue
        words += (DIGITS[0] if is_gap else "") + DIGITS[digit] + PLACES[place]
        is_gap = False
    return words
