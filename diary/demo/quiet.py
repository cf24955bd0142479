"""The patients of whom nothing is told: most of a practice."""

from datetime import timedelta

from diary.demo.people import Lent, Patient

QUIET = (
    Patient(name="Agnes Frost", level=(8, 7.6), last=(4, 10), intake={"expectation": "A little less would be a lot."}),
    Patient(name="Celia Duarte", level=(5.5, 2.5), last=(3, 11), lent=(Lent(to="Tomás Rivera", days=90, revoked=35),)),
    Patient(
        name="Maya Cohen",
        time_zone="America/New_York",
        level=(6, 4),
        last=(5, 13),
        records_own_sessions=True,
    ),
    Patient(
        name="Arjun Rao",
        time_zone="Asia/Kolkata",
        level=(5, 3.5),
        last=(2, 17),
        records_own_sessions=True,
        intake={"allergies": "Nickel"},
    ),
    Patient(name="Lucía Romero", time_zone="Europe/Madrid", language="es", level=(7, 4), last=(6, 12)),
    Patient(name="Chen Yan", language="zh-hans", level=(4.5, 2), last=(12, 15)),
    Patient(name="Jonas Keller", time_zone="Europe/Berlin", language="de", level=(6, 3), last=(30, 10)),
    Patient(name="Fiona Marsh", level=(3.5, 1.5), last=(41, 9), lent=(Lent(to="Greta Lindqvist", days=80),)),
    Patient(name="Owen Hughes", level=(5, 4), last=(7, 16), intake={"conditions": ["skin_condition"]}),
    Patient(name="Mireille Roy", level=(6, 4.5), last=(2, 9), joined=timedelta(weeks=14)),
    Patient(name="Abena Boateng", level=(4, 3), last=(5, 14), joined=timedelta(weeks=9)),
    Patient(name="Inés Navarro", language="es", level=(6.5, 5), last=(3, 13), reader="Tomás Rivera"),
    Patient(
        name="Stephen Wolfe",
        level=(7, 5.5),
        last=(18, 11),
        reader="Tomás Rivera",
        lent=(Lent(to="Imogen Hale", days=100), Lent(to="Greta Lindqvist", days=70)),
    ),
    Patient(
        name="Niamh Keane",
        time_zone="Europe/Dublin",
        level=(5, 3),
        last=(6, 10),
        reader="Tomás Rivera",
        intake={"conditions": ["pregnancy"], "expectation": "To get through the last months with less pain."},
    ),
)
