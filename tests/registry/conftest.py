"""A school and its registrar, signed in."""

import pytest

from tests.accounts.factories import log_in, registrar_of
from tests.registry.factories import SchoolFactory


@pytest.fixture
def school():
    return SchoolFactory()


@pytest.fixture
def registrar(client, school):
    user = registrar_of(school)
    log_in(client, user)
    return user
