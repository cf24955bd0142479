"""What another person did in or to a diary, as its patient reads it: one sentence a kind of event."""

from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

register = template.Library()

BY_OTHERS = {
    "diary-read": _("%(who)s read your diary"),
    "link-opened": _("%(who)s opened your diary by their link"),
    "session-recorded": _("%(who)s recorded a session"),
    "session-amended": _("%(who)s changed a session"),
    "session-withdrawn": _("%(who)s took a session out"),
    "session-restored": _("%(who)s put a session back"),
    "flag-acknowledged": _("%(who)s acknowledged a flag"),
    "flag-contacted": _("%(who)s noted that you were contacted about a flag"),
    "flag-referred": _("%(who)s referred you for medical evaluation"),
    "flag-not_a_concern": _("%(who)s set a flag aside as not a concern"),
    "flag-reopened": _("%(who)s put a flag back on the list"),
    "flag-undone": _("%(who)s took back what they had done with a flag"),
    "message-sent": _("%(who)s wrote you a message"),
    "messages-read": _("%(who)s read your messages"),
    "unlocked": _("%(who)s let your account sign in again"),
    "deactivated": _("%(who)s closed your account"),
    "signed-out": _("%(who)s signed you out everywhere"),
    "activated": _("%(who)s opened your account again"),
    "second-step-reset": _("%(who)s took off your second step at sign-in"),
}
OTHER = _("%(who)s changed something of your account or diary")


@register.filter
def sentence(event: Any) -> str:
    return str(BY_OTHERS.get(event.verb, OTHER)) % {"who": event.actor_name or _("Somebody")}
