"""The patients of whom something is told: each rule fires for somebody, at each level; some flags wait, some are done.

Hours count from the end of the session. Who says nothing of a session's later days had ordinary ones.
"""

from datetime import timedelta

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
            Episode(back=2, said=(said(4, 5, 0), said(27, 5, 0), said(60, 6, 0))),
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
                said=(
                    said(4, 3, 2),
                    said(27, 4, 0),
                    said(54, 5, 0, compared="worse", note="Zieht seit gestern bis in die Hüfte."),
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

DONE = (
    Patient(
        name="Joan Whitaker",
        level=(5, 4),
        last=(3, 11),
        episodes=(
            Episode(
                back=6,
                said=(
                    said(4, 5, 2),
                    said(30, 6, 0, red_flags=["saddle"], note="Numb where I sit since lunch."),
                    said(74, 5, 0, note="Seen in hospital, the scan was clear. Numbness gone."),
                    said(122, 4, 0, compared="better"),
                ),
                did=(
                    Did(30.2, "red-flag", "acknowledged", "Rang: she is on her way to the emergency department."),
                    Did(33, "red-flag", "referred", "Seen there, scan tonight. No session until the letter is here."),
                ),
            ),
        ),
    ),
    Patient(
        name="Liam Doyle",
        time_zone="Europe/Dublin",
        level=(5, 3.4),
        last=(2, 16),
        intake={"conditions": ["lowered_immunity"], "medicines": "Methotrexate, weekly"},
        episodes=(
            Episode(
                back=5,
                said=(
                    said(4, 4, 0),
                    said(50, 4, 0, red_flags=["infection"], note="Red and warm round one needle point."),
                    said(98, 4, 0, note="On antibiotics, the redness is going."),
                ),
                did=(Did(51, "red-flag", "referred", "Doctor today; needle point marked and photographed."),),
            ),
        ),
    ),
    Patient(
        name="Rowan Price",
        level=(4, 3),
        last=(5, 9),
        episodes=(
            Episode(
                back=4,
                said=(
                    said(4, 3, 0, red_flags=["bleeding"], note="Pressed the wrong box, just a spot."),
                    said(50, 3, 0),
                ),
                did=(Did(5, "red-flag", "not_a_concern", "Rang: one drop, stopped at once, ticked by mistake."),),
            ),
        ),
    ),
    Patient(
        name="Hannah Vogel",
        time_zone="Europe/Berlin",
        language="de",
        level=(4, 4),
        last=(6, 17),
        reader="Tomás Rivera",
        episodes=(
            Episode(
                back=5,
                said=(
                    said(5, 8, 4, compared="worse", note="So stark war es noch nie."),
                    said(28, 6, 2, compared="worse"),
                    said(52, 4, 0, compared="same"),
                    said(77, 4, 0, compared="same", note="Wie vorher, zum Glück."),
                    said(102, 4, 0),
                ),
                did=(Did(7, "severe-pain", "contacted", "Llamada: sin otros síntomas, calor y reposo, avisa mañana."),),
            ),
        ),
    ),
    Patient(
        name="Oscar Lindholm",
        time_zone="Europe/Stockholm",
        level=(4.4, 3.6),
        last=(3, 15),
        intake={"conditions": ["bleeding_disorder"], "medicines": "None; mild von Willebrand disease"},
        episodes=(
            Episode(
                back=3,
                said=(
                    said(5, 4, 0, bruising=3, note="Dark and as wide as my hand."),
                    said(28, 4, 0, bruising=2),
                    said(52, 4, 0, bruising=1),
                ),
                did=(Did(6, "marked-bruising", "contacted", "Rang: soft, not growing. His clinic knows."),),
            ),
        ),
    ),
    Patient(
        name="Tessa Grant",
        level=(3, 3),
        last=(4, 12),
        episodes=(
            Episode(
                back=7,
                session={"pain_before": 3, "pain_after": 6, "response": "Two needles removed, side-lying instead."},
                said=(said(4, 3, 0, note="Gone by the time I was home."), said(50, 3, 0)),
                did=(Did(18, "sharp-rise", "acknowledged", "Known; a nerve was touched. Note on the chart."),),
            ),
        ),
    ),
    # Two of three weeks were higher; there was a reason, and it passed.
    Patient(
        name="Marek Novak",
        time_zone="Europe/Prague",
        level=(4, 4),
        last=(2, 10),
        episodes=(
            Episode(back=6, said=(said(4, 5, 0), said(60, 6, 0, note="Carried boxes all weekend."))),
            Episode(back=5, session={"pain_before": 6, "pain_after": 5}, said=(said(4, 5, 0), said(60, 5, 0))),
            Episode(
                back=4,
                session={"pain_before": 5, "pain_after": 4},
                said=(said(4, 5, 0), said(60, 6, 0)),
                did=(Did(70, "worsening-course", "not_a_concern", "Moved house these weeks; see how next week is."),),
            ),
            Episode(back=3, session={"pain_before": 6, "pain_after": 4}, said=(said(4, 4, 0), said(60, 4, 0))),
        ),
    ),
    Patient(
        name="Grace Adeyemi",
        level=(2, 2),
        last=(3, 9),
        episodes=(
            Episode(
                back=5,
                said=(
                    said(4, 2, 0),
                    said(54, 4, 0, compared="worse"),
                    said(67, 5, 0, compared="worse"),
                    said(79, 6, 0, compared="worse"),
                    said(104, 3, 0, compared="better"),
                    said(132, 2, 0, note="All calm again."),
                ),
                did=(
                    Did(81, "escalating-pain", "contacted", "Rang: slept badly, no other signs. Rings again Monday."),
                ),
            ),
        ),
    ),
)

NEW = (
    Patient(name="Priya Nair", joined=timedelta(days=1), intake=None),
    Patient(
        name="Tom Becker",
        time_zone="Europe/Berlin",
        language="de",
        joined=timedelta(minutes=10),
        level=(5, 5),
        intake={"needle_nervousness": 4},
        lately=(said(0.05, 5, note="Erster Eintrag."),),
    ),
)

TOLD = WAITING + NOTICED + DONE + NEW
