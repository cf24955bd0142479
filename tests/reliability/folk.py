"""Patients for a site under load, made as the product makes them: `python -m tests.reliability.folk 20`.

Prints as JSON the cookies with which each is signed in.
"""

import json
import sys
from datetime import date, timedelta

import django


def main(count: int) -> None:
    from django.utils import timezone

    from diary.actions import accounts, hours
    from diary.bench.works import signed_in
    from diary.models import Practice, User
    from tests.people import OFFICE, with_second_step

    now = timezone.now() - timedelta(days=30)
    admin = User.objects.create_superuser("admin@settle.example", "a long enough sentence", name="Adele Admin")
    practice = Practice.objects.create(name="Harbour Acupuncture", same_day_number="+351 210 000 000")

    def joined(name: str, role: str, by: User) -> User:
        email = f"{name.lower().replace(' ', '.')}@settle.example"
        invited = accounts.invite(by=by, now=now, email=email, role=role, name=name, practice=practice)
        return accounts.accept(now=now, invitation=invited.invitation, name=name, password=None)

    paula = joined("Paula Pinho", "practitioner", admin)
    expires = date(2099, 1, 1)
    person = paula.practitioner
    accounts.verify(by=admin, now=now, practitioner=person, board="NCCAOM", number="1", expires_on=expires)
    hours.save(by=paula, now=now, practitioner=paula, zone="UTC", openings=OFFICE)
    for staff in (admin, paula):
        with_second_step(staff)
    patients = [joined(f"Patient {number}", "patient", paula) for number in range(count)]
    cookies = {"admin": signed_in(admin), "paula": signed_in(paula), "patients": [*map(signed_in, patients)]}
    sys.stdout.write(json.dumps(cookies))


if __name__ == "__main__":
    django.setup()
    main(int(sys.argv[1]))
