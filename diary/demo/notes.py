"""What people write on ordinary days, by language: when it is calm, and when the needle spots are sore."""

CALM = {
    "en": (
        "Walked to the shops and back.",
        "Better than last week, I think.",
        "Slept through.",
        "Stiff in the morning, fine by ten.",
        "Long drive, felt it a bit.",
        "Gardened for an hour.",
        "Did the stretches.",
        "Desk all day.",
        "Quiet day.",
        "Lifted my granddaughter without thinking about it.",
    ),
    "es": ("Día tranquilo.", "He dormido bien.", "Paseo largo por la tarde.", "Un poco rígida por la mañana."),
    "de": ("Ruhiger Tag.", "Gut geschlafen.", "Lange gesessen, etwas steif.", "Eine Stunde spazieren."),
    "zh-hans": ("今天比较轻松。", "睡得很好。", "坐久了有点僵。", "散步半小时。"),
    "pl": ("Spokojny dzień.", "Dobrze spałam.", "Długo siedziałam w pracy."),
    "pt": ("Dia calmo.", "Dormi bem.", "Caminhei à beira-rio."),
    "tr": ("Sakin bir gün.", "İyi uyudum.", "Uzun süre oturdum."),
}

SORE = {
    "en": (
        "A bit tender where the needles were.",
        "Sore like after exercise.",
        "Tender to lean on, nothing more.",
        "Warm bath helped.",
    ),
    "es": ("Algo sensible donde las agujas.", "Como agujetas."),
    "de": ("Etwas empfindlich an den Einstichen.", "Wie Muskelkater."),
    "zh-hans": ("针刺处有点酸。", "像运动后的酸痛。"),
    "pl": ("Trochę boli w miejscach wkłuć.",),
    "pt": ("Um pouco dorido onde foram as agulhas.",),
    "tr": ("İğne yerleri biraz hassas.",),
}

OF_SESSIONS = (
    "Lying prone, twenty minutes.",
    "Side-lying, asked for fewer needles.",
    "Usual points, heat on the lower back.",
    "Talked about walking every day.",
)
