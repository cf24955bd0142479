from django.db import migrations

from diary import seals

SEEDS = {"totp": "secret", "recovery_codes": "seed"}


def change(apps, turn):
    steps = apps.get_model("mfa", "Authenticator").objects
    for step in steps.filter(type__in=SEEDS):
        name = SEEDS[step.type]
        step.data[name] = turn(step.data[name]) or step.data[name]
        step.save(update_fields=["data"])


def seal(apps, editor):
    """Seal each seed that lies open; one that is sealed already, by a run that was cut off, stays as it is."""
    change(apps, lambda seed: None if seals.unseal(seed) else seals.seal(seed))


def unseal(apps, editor):
    change(apps, seals.unseal)


class Migration(migrations.Migration):
    dependencies = [
        ("diary", "0025_departures_seen_to_by_somebody"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]
    operations = [migrations.RunPython(seal, unseal)]
