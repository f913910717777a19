"""What pages may write of staff."""

from audit.words import target_words
from staff.state_words import state_words

FILTERS = {"event_target": target_words, "staff_state": state_words}
