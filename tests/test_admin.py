import pytest
from django.apps import apps
from django.contrib import admin as site
from django.urls import reverse

from diary.models import User

pytestmark = pytest.mark.django_db
ACCOUNTS = {"User", "Practice", "Practitioner", "Credential"}


def test_no_row_of_a_diary_is_registered():
    assert {model.__name__ for model in site.site._registry} == ACCOUNTS
    assert len(list(apps.get_app_config("diary").get_models())) > len(ACCOUNTS)


@pytest.mark.parametrize(
    "library", ["mfa/authenticator", "usersessions/usersession", "account/emailaddress", "auth/group"]
)
def test_what_a_library_would_show_is_not_there(signed_in, admin, library):
    """Seeds of second steps, browsers, addresses: an admin who is a superuser would see and change them all."""
    assert admin.is_superuser
    assert signed_in(admin).get(f"/admin/{library}/").status_code == 404


@pytest.mark.parametrize("model", sorted(name.lower() for name in ACCOUNTS))
def test_admin_lists_accounts_and_deletes_none(signed_in, admin, paula, model):
    client = signed_in(admin)
    assert client.get(reverse(f"admin:diary_{model}_changelist")).status_code == 200
    row = apps.get_model("diary", model).objects.first()
    assert client.get(reverse(f"admin:diary_{model}_change", args=[row.pk])).status_code == 200
    assert client.post(reverse(f"admin:diary_{model}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
    assert apps.get_model("diary", model).objects.filter(pk=row.pk).exists()


def test_admin_is_for_staff_whether_superuser_or_not(signed_in, join):
    plain = join("Amy Admin", "admin")
    assert not plain.is_superuser
    assert signed_in(plain).get(reverse("admin:diary_user_changelist")).status_code == 200


@pytest.mark.parametrize("person", ["ana", "paula"])
def test_admin_is_closed_to_others(signed_in, person, request):
    answer = signed_in(request.getfixturevalue(person)).get(reverse("admin:diary_user_changelist"))
    assert answer.status_code in {302, 403}


def test_admin_changes_no_role_and_no_address(signed_in, admin, ana):
    typed = {"name": "Ana A.", "time_zone": "UTC", "language": "en", "role": "admin", "email": "x@settle.example"}
    signed_in(admin).post(reverse("admin:diary_user_change", args=[ana.pk]), typed)
    changed = User.objects.get(pk=ana.pk)
    assert (changed.name, changed.role, changed.email) == ("Ana A.", "patient", ana.email)


@pytest.mark.parametrize("wrong", [{"time_zone": "Berlin"}, {"language": "klingon"}])
def test_admin_puts_no_zone_or_language_that_there_is_not(signed_in, admin, ana, wrong):
    """With a zone that there is not, every page of that person failed, and nobody could be told why."""
    typed = {"name": "Ana A.", "time_zone": "Europe/Berlin", "language": "de"} | wrong
    answer = signed_in(admin).post(reverse("admin:diary_user_change", args=[ana.pk]), typed)
    changed = User.objects.get(pk=ana.pk)
    assert [*answer.context["adminform"].form.errors] == [*wrong]
    assert (changed.name, changed.time_zone, changed.language) == (ana.name, ana.time_zone, ana.language)
    assert signed_in(changed).get(reverse("today-show")).status_code == 200


def test_admin_changes_no_practice(signed_in, admin, practice):
    """Its numbers are checked and noted where the product changes them."""
    client, typed = signed_in(admin), {"name": "Other", "emergency_number": "help", "time_zone": "UTC"}
    assert client.post(reverse("admin:diary_practice_change", args=[practice.pk]), typed).status_code == 403
    assert client.get(reverse("admin:diary_practice_add")).status_code == 403
    practice.refresh_from_db()
    assert practice.emergency_number != "help"
