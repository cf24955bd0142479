"""What is drawn is told from what lies behind it: WCAG contrast of the tokens, light and dark, computed."""

import re

import pytest
from django.conf import settings

TOKENS = (settings.BASE_DIR / "static/css/10-tokens.css").read_text(encoding="utf-8")
GRAPHICS = [
    *("pain", "soreness", "faint", "usual", "session"),
    *("flag-notice", "flag-review", "flag-priority", "flag-urgent"),
]
# Each pair of words and ground that a stylesheet brings together.
TEXTS = [
    *(("chart-text", "chart-surface"), ("chart-session", "chart-surface")),
    *(("ink", ground) for ground in ("paper", "surface", "sunk", "accent-soft", "ochre-soft")),
    *(("ink-soft", ground) for ground in ("paper", "surface", "sunk", "accent-soft", "ochre-soft")),
    *(("accent", ground) for ground in ("paper", "surface", "sunk", "accent-soft", "ochre-soft")),
    *(("ochre", ground) for ground in ("paper", "surface", "ochre-soft")),
    *(("on-accent", "accent"), ("on-accent", "accent-strong"), ("on-ochre", "ochre")),
    *(("white", "urgent"), ("white", "banner"), ("night", "same-day"), ("night", "white"), ("white", "night")),
]
# Edges of what can be pressed or filled in, and the ring around what has the focus.
EDGES = [
    *(("edge", ground) for ground in ("paper", "surface")),
    *(("ochre-edge", ground) for ground in ("paper", "surface", "ochre-soft")),
    *(("accent", ground) for ground in ("paper", "surface", "sunk")),
]


def tokens(dark: bool) -> dict[str, str]:
    light, _, rest = TOKENS.partition("@media screen and (prefers-color-scheme: dark)")
    said = light + (rest.partition("@media (prefers-contrast")[0] if dark else "")
    return {"white": "#fff"} | dict(re.findall(r"--([\w-]+):\s*([^;]+);", said))


def colour(name: str, named: dict[str, str]) -> list[float]:
    """Return red, green, blue and opacity of a token, each 0 to 1."""
    value = named[name]
    if reference := re.fullmatch(r"var\(--([\w-]+)\)", value):
        return colour(reference[1], named)
    digits = value.removeprefix("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[place : place + 2], 16) / 255 for place in range(0, len(digits), 2)]
    return [*parts, 1.0][:4]


def luminance(channels: list[float]) -> float:
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels[:3]]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str, named: dict[str, str]) -> float:
    light, dark = sorted((luminance(colour(one, named)), luminance(colour(other, named))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def over(layer: list[float], ground: list[float]) -> list[float]:
    return [layer[3] * above + (1 - layer[3]) * below for above, below in zip(layer[:3], ground[:3], strict=True)]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("name", GRAPHICS)
def test_what_is_drawn_stands_out_from_the_chart(name, dark):
    assert contrast(f"chart-{name}", "chart-surface", tokens(dark)) >= 3


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("name", ["pain", "soreness"])
def test_a_curve_stands_out_from_the_band_it_crosses(name, dark):
    named = tokens(dark)
    behind = luminance(over(colour("chart-band", named), colour("chart-surface", named)))
    light, low = sorted((luminance(colour(f"chart-{name}", named)), behind), reverse=True)
    assert (light + 0.05) / (low + 0.05) >= 3


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("words", "ground"), TEXTS)
def test_words_can_be_read(words, ground, dark):
    assert contrast(words, ground, tokens(dark)) >= 4.5


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_edges_can_be_seen(edge, ground, dark):
    assert contrast(edge, ground, tokens(dark)) >= 3


def test_contrast_is_that_of_the_guideline():
    named = {"black": "#000", "white": "#ffffff", "grey": "#777777"}
    assert contrast("black", "white", named) == pytest.approx(21)
    assert contrast("grey", "white", named) == pytest.approx(4.478, abs=0.001)  # just below what text needs


def test_paper_has_the_colours_of_the_light():
    """The dark tokens are for screens; what is drawn on the server says the light ones for paper itself."""
    from diary import drawing

    named = tokens(dark=False)
    said = {re.findall(r"#[0-9a-f]{6}", drawing.LOOK[name])[0] for name in ("pain", "soreness", "session", "rule")}
    assert said == {named[f"chart-{name}"] for name in ("pain", "soreness", "session", "usual")}
