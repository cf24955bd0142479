"""Django's admin site holds what `diary.admin` registers and nothing that a library brings along.

Of their own accord, libraries would show an admin everybody's browsers and the seeds of everybody's second step there.
"""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig

OURS = "diary"


class Accounts(AdminSite):
    """An admin site of this product's own rows alone."""

    def register(self, model_or_iterable: Any, *args: Any, **options: Any) -> None:
        models = model_or_iterable if isinstance(model_or_iterable, list | tuple) else [model_or_iterable]
        ours = [model for model in models if model._meta.app_label == OURS]
        super().register(ours, *args, **options)


class AccountsConfig(AdminConfig):
    default_site = "config.admin.Accounts"
