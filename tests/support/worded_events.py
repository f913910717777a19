"""Every event that any test comes by has words: kinds that are put together from a state cannot be read off the code."""

from audit import log
from audit.words import EVENTS


def be_strict():
    made = log._event

    def worded(event, *args):
        assert event in EVENTS, f"{event} has no words in audit/words.py"
        return made(event, *args)

    log._event = worded
