"""The helpdesk and a family."""

import pytest

from registry.roles import Role
from tests.accounts.factories import log_in, staff
from tests.registry.factories import StudentFactory


@pytest.fixture
def student():
    return StudentFactory(student_number="10630008", name="王小明", seat_number=1)


@pytest.fixture
def helper(client, student):
    user = staff(student.school, Role.HELPDESK, account="helpdesk", name="系統師")
    log_in(client, user)
    return user
