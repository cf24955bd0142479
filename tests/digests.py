"""The whole database as one number: what writes nothing leaves it as it was."""

from hashlib import sha256

from django.apps import apps
from django.core import serializers


def of_the_database():
    models = sorted(apps.get_models(), key=lambda model: model._meta.label)
    kept = (model for model in models if model._meta.managed and model._meta.label != "sessions.Session")
    rows = (row for model in kept for row in model._base_manager.order_by("pk"))
    return sha256(serializers.serialize("json", rows).encode()).hexdigest()
