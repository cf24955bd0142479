"""The patients with something behind them that a practitioner has seen to, and those who have only just come."""

from datetime import timedelta

from diary.demo.people import Did, Episode, Patient, said

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
            Episode(
                back=6,
                session={"pain_before": 4, "pain_after": 4},
                said=(said(4, 4, 0), said(60, 6, 0, note="Carried boxes all weekend.")),
            ),
            Episode(back=5, session={"pain_before": 6, "pain_after": 5}, said=(said(4, 5, 0), said(60, 5, 0))),
            Episode(
                back=4,
                session={"pain_before": 5, "pain_after": 4},
                said=(said(4, 4, 0), said(60, 6, 0)),
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
