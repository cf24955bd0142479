"""How is said what a patient may answer, and what it means to whoever treats them."""

from django.utils.translation import gettext_lazy as _

SYMPTOM = {
    "soreness": _("Soreness"),
    "stiffness": _("Stiffness"),
    "fatigue": _("Tiredness"),
    "dizziness": _("Dizziness"),
    "low_mood": _("Low mood"),
    "bruising": _("Bruising"),
}

RED_FLAG_QUESTIONS = {
    "breathing": _("New breathlessness, or sharp chest or upper-back pain on breathing in"),
    "saddle": _("Numbness between the legs, or you cannot pass or hold urine or stool"),
    "legs": _("New weakness or numbness in a leg, pain down both legs, or unsteady walking"),
    "collapse": _("You fainted and were hurt, had a fit, or were not back to normal within an hour"),
    "head": _("Worst-ever headache, stiff neck, confusion, or trouble seeing or speaking"),
    "fever": _("Fever or shivering with back, hip or joint pain"),
    "infection": _("Spreading redness, heat, swelling or pus at a needle site"),
    "bleeding": _("Bleeding that will not stop, fast-growing swelling, or a needle left in"),
}

RED_FLAG = {
    "breathing": _("breathing"),
    "saddle": _("numbness between the legs, bladder or bowel"),
    "legs": _("weakness or numbness in the legs"),
    "collapse": _("fainting with injury, or a fit"),
    "head": _("severe headache or confusion"),
    "fever": _("fever with back or joint pain"),
    "infection": _("signs of infection at a needle site"),
    "bleeding": _("bleeding, or a needle left in"),
}

CONDITIONS = {
    "herniated_disc": _("herniated disc"),
    "nerve_compression": _("nerve compression"),
    "spinal_surgery": _("spinal surgery"),
    "bleeding_disorder": _("bleeding disorder"),
    "blood_thinners": _("takes blood thinners"),
    "skin_condition": _("skin condition or infection"),
    "lowered_immunity": _("lowered immunity"),
    "lung_disease": _("lung disease"),
    "pregnancy": _("pregnancy"),
    "allergy": _("allergy"),
}

BLOOD_THINNERS = {
    "aspirin": _("aspirin"),
    "clopidogrel": _("clopidogrel"),
    "prasugrel": _("prasugrel"),
    "ticagrelor": _("ticagrelor"),
    "warfarin": _("warfarin"),
    "phenprocoumon": _("phenprocoumon"),
    "acenocoumarol": _("acenocoumarol"),
    "apixaban": _("apixaban"),
    "rivaroxaban": _("rivaroxaban"),
    "edoxaban": _("edoxaban"),
    "dabigatran": _("dabigatran"),
    "heparin": _("heparin injections"),
    "other": _("another one"),
}

FOR_PRACTITIONERS = {
    "herniated_disc": _(
        "Leg weakness, numbness between the legs, bladder or bowel trouble: asked at every entry, urgent."
    ),
    "nerve_compression": _("New weakness or numbness in a leg: asked at every entry, urgent."),
    "spinal_surgery": _("No rule counts differently. Fever with back pain is asked at every entry."),
    "bleeding_disorder": _("Bruising counts more: moderate is flagged at once, severe is a priority."),
    "blood_thinners": _("Bruising counts more: moderate is flagged at once, severe is a priority."),
    "skin_condition": _("No rule counts differently. Redness, heat or pus at a needle site is asked at every entry."),
    "lowered_immunity": _("No rule counts differently. Fever, and redness at a needle site, are asked at every entry."),
    "lung_disease": _("No rule counts differently. Breathlessness or chest pain is asked at every entry, urgent."),
    "pregnancy": _("No rule counts differently."),
    "allergy": _("No rule counts differently. See the allergies."),
}
"""What a condition means here, for whoever needles: what the rules do with it, and what is asked anyway."""
