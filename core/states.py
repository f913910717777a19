"""State moves: one table a model, one guard, one exception, one habit of saving."""

from typing import Any

from django.db import models


class InvalidMove(Exception):
    """The state does not allow this step; somebody else may have been faster."""

    def __init__(self, current: str, wanted: str) -> None:
        super().__init__(f"{current} -> {wanted}")


class HasStates(models.Model):
    """A model whose field `STATE_FIELD` changes as its table `MOVES` says: {state: states that may follow}."""

    MOVES: dict[str, set] = {}
    STATE_FIELD = "state"

    class Meta:
        abstract = True

    def can_move_to(self, state: str) -> bool:
        return state in self.MOVES.get(getattr(self, self.STATE_FIELD), ())

    def set_state(self, state: str, **fields: Any) -> None:
        """Set the state and `fields` and save nothing, for rows that are written in bulk. Raises InvalidMove."""
        if not self.can_move_to(state):
            raise InvalidMove(getattr(self, self.STATE_FIELD), state)
        for name, value in {self.STATE_FIELD: state, **fields}.items():
            setattr(self, name, value)

    def move_to(self, state: str, **fields: Any) -> None:
        """Set the state and `fields`, and save exactly these. Raises InvalidMove."""
        self.set_state(state, **fields)
        self.save(update_fields=[self.STATE_FIELD, *fields])
