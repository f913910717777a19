from registry.access import staff_only
from registry.roles import Role

reviewers_only = staff_only(Role.HOMEROOM_TEACHER, Role.REGISTRAR)
registrars_only = staff_only(Role.REGISTRAR)
