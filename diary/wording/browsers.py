"""Browsers as people know them, from what they say of themselves."""

PROGRAMS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser/": "Samsung Internet",
    "Firefox/": "Firefox",
    "FxiOS/": "Firefox",
    "CriOS/": "Chrome",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
"""By their mark, the first that is found: each further down is also what those above it say that they are."""

DEVICES = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "CrOS": "ChromeOS",
    "Windows": "Windows",
    "Macintosh": "Mac",
    "Linux": "Linux",
}


def browser(said: str) -> str:
    """Return a browser and its device, "Firefox · Windows"; what it says itself where neither is known."""
    known = [next((name for mark, name in names.items() if mark in said), "") for names in (PROGRAMS, DEVICES)]
    return " · ".join(filter(None, known)) or said
