"""How hard a password is to guess, in words. static/js/enhance.js counts the same way while one types."""

from django.utils.translation import gettext_lazy

from accounts.hashers import normalize
from accounts.validators import minimum_length

WORDS = [
    gettext_lazy("還太短"),
    gettext_lazy("容易猜到，再加一兩個不相干的詞"),
    gettext_lazy("可以"),
    gettext_lazy("很好，不容易猜到"),
]
ENOUGH, GOOD = 10, 18


def surprises(password):
    """Characters that the one before does not foretell: no repetition, no neighbour, no pair seen before.

    A character outside ASCII counts twice: there are more of them to choose from.
    """
    count, seen, before = 0, set(), ""
    for one in normalize(password).lower():
        pair = before + one
        is_neighbour = before and abs(ord(one) - ord(before)) <= 1
        if not is_neighbour and pair not in seen:
            count += 1 if one.isascii() else 2
        seen.add(pair)
        before = one
    return count


def level_of(password, user):
    if len(normalize(password)) < minimum_length(user).of(password):
        return 0
    return 1 + (surprises(password) >= ENOUGH) + (surprises(password) >= GOOD)


def words_for(password, user):
    return WORDS[level_of(password, user)]
