"""Second factors of before: secrets encrypted, recovery codes as digests, the tables that held them in plain dropped."""

from datetime import UTC, datetime

from django.db import migrations

from registry import crypto

AUTHENTICATORS = "otp_totp_totpdevice"
SHEETS, CODES = "otp_static_staticdevice", "otp_static_statictoken"


def move(apps, schema_editor):
    connection = schema_editor.connection
    known = set(connection.introspection.table_names())
    if AUTHENTICATORS in known:
        _move_authenticators(apps, connection)
    if CODES in known:
        _move_codes(apps, connection)
    for table in (CODES, SHEETS, AUTHENTICATORS):
        if table in known:
            schema_editor.execute(f"DROP TABLE {schema_editor.quote_name(table)}")
    # They name devices of the former tables: those computers show the second factor once more.
    apps.get_model("accounts", "RememberedDevice").objects.filter(factor__startswith="otp_").delete()


def _move_authenticators(apps, connection):
    model = apps.get_model("accounts", "Authenticator")
    rows = _rows(
        connection,
        "SELECT user_id, name, confirmed, key, drift, last_t, created_at FROM otp_totp_totpdevice ORDER BY id",
    )
    in_setup = set()
    for user, name, confirmed, key, drift, last_step, created_at in rows:
        if not confirmed and user in in_setup:
            continue
        if not confirmed:
            in_setup.add(user)
        device = model.objects.create(
            user_id=user,
            name=name,
            confirmed=bool(confirmed),
            sealed_secret=crypto.encrypt(key),
            drift=drift,
            last_step=last_step,
        )
        # Whether it was enrolled before or after a change of the address is asked later.
        model.objects.filter(pk=device.pk).update(created_at=_moment(created_at))


def _move_codes(apps, connection):
    sheets, codes = (apps.get_model("accounts", name) for name in ("RecoverySheet", "RecoveryCode"))
    rows = _rows(
        connection,
        "SELECT DISTINCT device.user_id, code.token FROM otp_static_statictoken code"
        " JOIN otp_static_staticdevice device ON device.id = code.device_id WHERE device.confirmed = true"
        " ORDER BY device.user_id",
    )
    made = {}
    for user, token in rows:
        if user not in made:
            made[user] = sheets.objects.create(user_id=user, name="recovery", confirmed=True)
        codes.objects.create(sheet=made[user], digest=crypto.fingerprint(f"recovery|{user}|{token}"))


def _moment(stored):
    """SQLite gives the moment as it keeps it, in UTC without saying so."""
    moment = datetime.fromisoformat(stored) if isinstance(stored, str) else stored
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment


def _rows(connection, statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0010_second_factor")]
    operations = [migrations.RunPython(move, migrations.RunPython.noop)]
