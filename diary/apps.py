from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DiaryConfig(AppConfig):
    name = "diary"
    label = "diary"
    verbose_name = _("Diary")
    default_auto_field = "django.db.models.BigAutoField"
