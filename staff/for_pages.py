"""What pages may write of staff."""

from staff.state_words import state_words

FILTERS = {"staff_state": state_words}
