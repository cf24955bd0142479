import pytest
from allauth.account.models import EmailAddress
from django.core.management import call_command
from django.urls import reverse

from tests.people import PASSWORD

pytestmark = pytest.mark.django_db


def test_the_first_admin_signs_in_before_mail_is_set_up(client, monkeypatch, mailoutbox):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", "--noinput", email="ada@settle.example", name="Ada Admin", verbosity=0)
    assert EmailAddress.objects.get().verified
    sent = client.post(reverse("account_login"), {"login": "ada@settle.example", "password": PASSWORD}, follow=True)
    assert sent.redirect_chain[-1][0] == reverse("mfa_index")
    assert mailoutbox == []
