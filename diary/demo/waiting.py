"""The patients of whom something is open now: on the worklist, or on the chart alone.

Hours count from the end of the session. Who says nothing of a session's later days had ordinary ones.
"""

from diary.demo.people import ROSA, Did, Episode, Lent, Patient, said

WAITING = (
    # A good half-year, and a soreness that is not gone on the fourth day.
    Patient(
        name=ROSA,
        level=(6.6, 2.9),
        last=(4, 15),
        intake={
            "usual_soreness": 0,
            "conditions": ["herniated_disc"],
            "medicines": "Ibuprofen now and then",
            "earlier_treatments": "Physiotherapy in 2023",
            "expectation": "To sit through a film without getting up.",
            "needle_nervousness": 6,
        },
        episodes=(
            Episode(
                back=9,
                said=(
                    said(4, 5, 4, note="Sore along the left side, otherwise fine."),
                    said(27, 5, 4, compared="same"),
                    said(51, 5, 4, note="Still tender when I lean back."),
                    said(75, 4, 2, compared="same"),
                    said(99, 4, 0, compared="better"),
                    said(125, 4, 0, good=["slept_well"]),
                ),
                did=(Did(56, "lingering-reaction", "contacted", "Rang her. Settling; softer needling next time."),),
            ),
            Episode(
                said=(
                    said(4, 3, 4, stiffness=1, good=["relaxed"]),
                    said(28, 3, 4, compared="same"),
                    said(52, 3, 3, compared="same", note="Back feels good. The needle spots still hurt to touch."),
                    said(76, 3, 3, compared="same"),
                ),
            ),
        ),
        lent=(Lent(to="Tomás Rivera", days=20, until=14), Lent(to="Greta Lindqvist", days=120, revoked=60)),
    ),
    Patient(
        name="Gareth Pugh",
        level=(5, 5),
        last=(6, 11),
        intake={"conditions": ["nerve_compression"], "needle_nervousness": 2},
        lately=(
            said(2, 6, 0, compared="worse", red_flags=["legs"], note="My left foot catches on the stairs since today."),
        ),
    ),
    Patient(
        name="Wanda Kowalska",
        time_zone="Europe/Warsaw",
        writes="pl",
        level=(4, 4),
        last=(1, 16),
        episodes=(Episode(said=(said(3.5, 5, 3),)),),
        lately=(said(2.5, 8, 5, compared="worse", note="Nie mogę znaleźć wygodnej pozycji."),),
    ),
    # Three sessions in a row after which pain settles higher than where it began.
    Patient(
        name="Derek Osei",
        level=(4, 4),
        last=(4, 10),
        intake={"conditions": ["spinal_surgery"], "earlier_treatments": "Discectomy 2019"},
        episodes=(
            Episode(
                back=2,
                session={"pain_before": 4, "pain_after": 4},
                said=(said(4, 4, 0), said(27, 4, 0), said(60, 6, 0)),
            ),
            Episode(back=1, session={"pain_before": 6, "pain_after": 5}, said=(said(4, 5, 0), said(60, 6, 0))),
            Episode(
                session={"pain_before": 6, "pain_after": 5},
                said=(said(4, 5, 0), said(28, 5, 0), said(60, 6, 0, note="Back to where I was before, or worse.")),
            ),
        ),
    ),
    Patient(
        name="Nora Feld",
        time_zone="Europe/Berlin",
        language="de",
        level=(3, 3),
        last=(5, 11),
        episodes=(
            Episode(
                session={"pain_before": 3, "pain_after": 3},
                said=(
                    said(4, 3, 2),
                    said(27, 3, 0),
                    said(54, 6, 0, compared="worse", note="Zieht seit gestern bis in die Hüfte."),
                    said(78, 6, 0, compared="worse"),
                ),
            ),
        ),
    ),
    Patient(
        name="Callum Reid",
        level=(3, 3),
        last=(1, 17),
        intake={"needle_nervousness": 8},
        episodes=(
            Episode(
                session={
                    "pain_before": 3,
                    "pain_after": 6,
                    "sharp_increase": True,
                    "response": "Needles out at once, rest on the side. Fewer and shallower next time.",
                },
                said=(said(4, 5, 3, note="Calmer than in the room, not back yet."),),
            ),
        ),
    ),
    Patient(
        name="Ivor Blake",
        level=(4.6, 3.4),
        last=(2, 12),
        intake={"conditions": ["blood_thinners"], "medicines": "Apixaban 5 mg twice a day"},
        episodes=(Episode(said=(said(5, 4, 1, bruising=2), said(27, 3, 0, bruising=2, note="The size of a plum."))),),
    ),
    Patient(
        name="Aisling Byrne",
        time_zone="Europe/Dublin",
        level=(4, 4),
        last=(3, 14),
        episodes=(
            Episode(
                said=(
                    said(4, 4, 0, fatigue=1),
                    said(26, 4, 0, fatigue=2, note="Slept ten hours and could sleep again."),
                    said(53, 4, 0, fatigue=2),
                ),
            ),
        ),
    ),
    # Acknowledged, then put back on the list when it did not settle.
    Patient(
        name="Yusuf Demir",
        time_zone="Europe/Istanbul",
        writes="tr",
        level=(4, 4),
        last=(5, 12),
        records_own_sessions=True,
        episodes=(
            Episode(
                said=(
                    said(5, 4, 5),
                    said(27, 4, 4),
                    said(54, 4, 4, note="Hâlâ dokununca ağrıyor."),
                    said(78, 4, 4),
                ),
                did=(
                    Did(58, "lingering-reaction", "acknowledged", "Expected to settle by tomorrow."),
                    Did(82, "lingering-reaction", "reopened", "Not settled."),
                ),
            ),
        ),
    ),
    Patient(
        name="Huang Wei",
        time_zone="Asia/Shanghai",
        language="zh-hans",
        level=(4, 4),
        last=(2, 10),
        records_own_sessions=True,
        episodes=(
            Episode(
                said=(said(5, 4, 8, note="针刺的地方碰一下都疼。"), said(26, 4, 6)),
                did=(Did(9, "severe-pain", "acknowledged", "Will ring in the morning."),),
            ),
        ),
    ),
    Patient(
        name="Beatriz Sousa",
        time_zone="Europe/Lisbon",
        writes="pt",
        level=(4, 4),
        last=(1, 15),
        reader="Tomás Rivera",
        episodes=(Episode(said=(said(3.5, 4, 1, dizziness=3, note="Tive de me sentar duas vezes."),)),),
    ),
    Patient(
        name="Samir Haddad",
        level=(2, 2),
        last=(5, 10),
        reader="Tomás Rivera",
        episodes=(
            Episode(
                said=(
                    said(4, 2, 0),
                    said(54, 4, 0, compared="worse"),
                    said(67, 5, 0, compared="worse"),
                    said(79, 6, 0, compared="worse", note="It climbs a little every half day."),
                ),
            ),
        ),
    ),
)

NOTICED = (
    Patient(
        name="Kofi Mensah",
        level=(5, 5),
        last=(3, 10),
        episodes=(Episode(said=(said(5, 5, 4), said(26, 5, 3), said(52, 5, 2, compared="same"))),),
    ),
    Patient(name="Elsie Moore", level=(5, 5), last=(5, 10), episodes=(Episode(said=(said(5, 5, 3),)),)),
    Patient(name="Dev Patel", level=(4, 4), last=(6, 16), episodes=(Episode(said=(said(26, 4, 2),)),)),
    Patient(name="Ruth Adler", level=(6, 5), last=(8, 13), episodes=(Episode(),)),
)
