"""Django's admin: accounts only, and nothing in it can be deleted. No row of a diary is registered here.

People come by invitation, are verified and deactivated on the People pages, and practices are made and changed on
theirs, where each deed leaves its event; what the admin adds is putting a name or somebody's practice right.
"""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest

from diary.forms.settings import named_zones
from diary.models import Credential, Practice, Practitioner, User


class AccountsAdmin(admin.ModelAdmin):
    """Open to staff, closed to deletion."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.is_staff

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return self.has_module_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(User)
class UserAdmin(AccountsAdmin):
    list_display = ["name", "email", "role", "is_active", "last_login"]
    list_filter = ["role", "is_active"]
    search_fields = ["name", "email"]
    ordering = ["name"]
    fields = ["name", "time_zone", "language", "email", "role", "is_active", "date_joined", "last_login"]
    readonly_fields = ["email", "role", "is_active", "date_joined", "last_login"]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """Offer zones and languages that there are: with any other one, every page of that person fails."""
        field: Any = super().formfield_for_dbfield(db_field, request, **options)
        known: dict[str, Any] = {"time_zone": named_zones, "language": settings.LANGUAGES}
        choices = known.get(db_field.name)
        return forms.ChoiceField(choices=choices, label=field.label) if choices else field


@admin.register(Practice)
class PracticeAdmin(AccountsAdmin):
    list_display = ["name", "emergency_number", "same_day_number", "time_zone"]
    search_fields = ["name"]

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False  # a number that patients call is checked and noted on its own page


@admin.register(Practitioner)
class PractitionerAdmin(AccountsAdmin):
    list_display = ["user", "practice", "hours_note"]
    list_select_related = ["user", "practice"]
    search_fields = ["user__name", "user__email"]
    fields = ["user", "practice", "hours_note", "spoken_code"]
    readonly_fields = ["user", "spoken_code"]


@admin.register(Credential)
class CredentialAdmin(AccountsAdmin):
    """To be read: a credential is checked on the People pages."""

    list_display = ["practitioner", "board", "number", "expires_on", "checked_on", "checked_by"]
    list_select_related = ["practitioner__user", "checked_by"]
    search_fields = ["practitioner__user__name", "number"]

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False
