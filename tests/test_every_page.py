"""One sweep: every address as every role. What is not listed as open to a role must be closed to it."""



EVERYONE = {
    "anonymous", "family", "other_family", "teacher", "other_teacher", "registrar", "other_registrar",
    "cashier", "parent", "city_admin",
}  # fmt: skip

# name -> who gets the page itself (200) or is taken on by it (302 to a page of the same room)
OPEN = {
    "health": EVERYONE,
    "set_language": EVERYONE,
    "accounts:home": EVERYONE,
    "accounts:logout": EVERYONE,
    "accounts:captcha-image": EVERYONE,
    "accounts:captcha-audio": EVERYONE,
    "accounts:city-login": EVERYONE,
    "accounts:sso-login": EVERYONE,
    "accounts:school": EVERYONE,
    "accounts:login": EVERYONE,
    "accounts:staff-login": EVERYONE,
    "accounts:city-password": {"city_admin"},
    "accounts:sso-password": {"parent"},
    "accounts:password": {"family", "teacher", "registrar", "cashier", "other_family_own"},
    "accounts:second-factor": EVERYONE - {"anonymous"},
    "accounts:second-factor-setup": EVERYONE - {"anonymous"},
    "accounts:recovery-codes": EVERYONE - {"anonymous"},
    "accounts:staff-home": {"teacher", "other_teacher", "registrar", "cashier"},
    "binding:sso-home": {"parent"},
    "binding:tasks": {"family", "other_family"},
    "binding:confirm": {"family", "other_family"},
    "binding:correction": {"family", "other_family"},
    "binding:consent": {"family", "other_family"},
    "binding:apply": {"family", "other_family"},
    "binding:applicant": {"family"},
    "binding:evidence": {"family"},
    "binding:evidence-file": {"family"},
    "binding:evidence-remove": {"family"},
    "binding:check": {"family", "other_family"},
    "binding:sign": {"family", "other_family"},
    "binding:withdraw": {"family", "other_family"},
    "binding:corrections": {"registrar"},
    "binding:correction-settle": {"registrar"},
    "review:home": {"teacher", "other_teacher", "registrar"},
    "review:class": {"teacher", "registrar"},
    "review:paper-form-mark": {"teacher", "registrar"},
    "review:application": {"teacher", "registrar"},
    "review:applicant-decide": {"teacher", "registrar"},
    "review:opening-renew": {"teacher", "registrar"},
    "review:evidence-file": {"teacher", "registrar"},
    "registry:roster-import": {"registrar"},
}
