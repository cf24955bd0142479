"""How a diary that was taken along names its parts, and looks: one file that needs nothing else."""

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

register = template.Library()

TITLES = {
    "account": _("Account"),
    "addresses": _("Email addresses"),
    "second_steps": _("Second steps at sign-in"),
    "signed_in": _("Where I am signed in"),
    "tokens": _("Apps and devices"),
    "tries": _("Tries to sign in"),
    "invitations": _("Invitation"),
    "consents": _("What I agreed to"),
    "intake": _("About my health"),
    "sessions": _("Sessions"),
    "entries": _("Entries"),
    "amendments": _("What entries said before they were changed"),
    "flags": _("Flags"),
    "flag_steps": _("What was done with flags"),
    "passed_on": _("Urgent flags that were passed on"),
    "shares": _("Shares"),
    "imports": _("Files taken in"),
    "links": _("Links for second readers"),
    "messages": _("Messages"),
    "reminders": _("Reminders"),
    "subscriptions": _("Browsers that show reminders"),
    "mails": _("Mails sent to me"),
    "what_happened": _("Who looked, and what was done"),
}
STYLE = """
:root{color-scheme:light dark}
body{max-width:52rem;margin:0 auto;padding:1.5rem 1rem;font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
h2{margin:2rem 0 .5rem;padding-bottom:.25rem;border-bottom:2px solid}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;padding:0;list-style:none}
dl{margin:0;padding:.5rem 0;border-bottom:1px solid #8888;break-inside:avoid}
dl div{display:flex;flex-wrap:wrap;gap:0 1rem}
dt{flex:0 0 12rem;opacity:.75}
dd{flex:1 1 16rem;margin:0;white-space:pre-wrap}
@media print{body{max-width:none;font-size:9.5pt}nav{display:none}}
"""


@register.filter
def part_title(key: str) -> str:
    return str(TITLES[key])


@register.simple_tag
def export_style() -> SafeString:
    return SafeString(STYLE)
