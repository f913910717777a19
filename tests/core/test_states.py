"""One table a model, one guard, one exception: a second one of either fails here."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from accounts.models import SSOAccount
from config.management.commands.draw_rooms import ROOMS
from config.management.commands.draw_states import MACHINES
from core.states import HasStates, InvalidMove
from tests.accounts.factories import registrar_of, sso_parent
from tests.registry.factories import SchoolFactory

HERE = "core/states.py"
BY_HAND = re.compile(r"class \w*InvalidMove|MOVES\.get\(|\bin (self|[A-Z]\w+)\.MOVES\[")

MODELS = [model for model in apps.get_models() if hasattr(model, "MOVES")]


def test_nobody_else_guards_moves():
    base = Path(settings.BASE_DIR)
    files = [file for room in ROOMS for file in (base / room).rglob("*.py")]
    guards = {file.relative_to(base).as_posix() for file in files if BY_HAND.search(file.read_text())}

    assert guards == {HERE}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_each_model_with_a_table_uses_the_guard(model):
    states = dict(model._meta.get_field(model.STATE_FIELD).choices)

    assert issubclass(model, HasStates)
    assert {*model.MOVES, *(state for targets in model.MOVES.values() for state in targets)} <= set(states)


def test_each_model_with_a_table_is_drawn():
    drawn = [model.MOVES for _title, model in MACHINES]

    assert [model.__name__ for model in MODELS if model.MOVES not in drawn] == []


class TestMoving:
    @pytest.fixture
    def account(self, db):
        return sso_parent(by=registrar_of(SchoolFactory()), password=None).sso_account

    def test_exactly_the_state_and_what_goes_with_it_are_saved(self, account):
        account.name = "not to be saved"

        account.move_to(SSOAccount.State.ACTIVE, mobile="0911222333")

        account.refresh_from_db()
        assert (account.state, account.mobile) == ("active", "0911222333")
        assert account.name != "not to be saved"

    def test_a_forbidden_move_changes_nothing(self, account):
        account.move_to(SSOAccount.State.ACTIVE)

        with pytest.raises(InvalidMove, match="active -> initial"):
            account.move_to(SSOAccount.State.INITIAL)

        assert account.state == SSOAccount.State.ACTIVE
