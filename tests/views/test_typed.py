"""A form sent while signed out is carried through the sign-in, to whoever then signs in, and to nobody else."""

from datetime import timedelta
from time import time
from uuid import uuid4

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client

from diary.models import Entry, Message
from tests.people import PASSWORD, SECRET, with_second_step
from tests.typed import given_back
from tests.views.test_today import text

WORDS = "slept badly, <b>sore</b> & tired"


def typed(**answers):
    return {
        "id": str(uuid4()),
        "pain": "6",
        "note": WORDS,
        "regions": ["mid-left", "lower-left"],
        "when": "now",
    } | answers


@pytest.fixture
def verified(ana):
    """Ana, whose address is known to be hers, so that a password is enough."""
    ana.emailaddress_set.update_or_create(email=ana.email, defaults={"verified": True, "primary": True})
    return ana


def sign_in(client, page, person, password=PASSWORD):
    _action, fields = given_back(page)
    return client.post("/accounts/login/", fields | {"login": person.email, "password": password})


def test_show_without_anything_leads_to_the_start(signed_in, ana):
    assert signed_in(ana).get("/typed/")["Location"] == "/"


def test_show_gives_back_what_was_sent_while_signed_out_and_it_is_saved_once(client, verified):
    form = typed()
    page = client.post("/entries/add/", form)
    assert page.status_code == 401
    assert "You were signed out meanwhile" in text(page)
    assert sign_in(client, page, verified)["Location"] == "/typed/"
    back = client.get("/typed/")
    assert "You are signed in as Ana Alves" in text(back)
    action, fields = given_back(back)
    assert (action, fields["note"], fields["regions"]) == ("/entries/add/", [WORDS], ["mid-left", "lower-left"])
    assert not Entry.objects.exists()
    assert all(client.post(action, fields).status_code == 302 for _ in range(2))
    entry = Entry.objects.get()
    assert (str(entry.pk), entry.patient, entry.note) == (form["id"], verified, WORDS)
    assert client.get("/typed/")["Location"] == "/"


def test_show_survives_a_wrong_password_first(client, verified):
    page = sign_in(client, client.post("/entries/add/", typed()), verified, password="wrong")
    assert "typed" not in client.session
    sign_in(client, page, verified)
    assert given_back(client.get("/typed/"))[1]["note"] == [WORDS]


def test_show_survives_a_second_step(client, verified):
    secret = "JBSWY3DPEHPK3PXP"
    TOTP.activate(verified, secret)
    answer = sign_in(client, client.post("/entries/add/", typed()), verified)
    assert answer["Location"].startswith("/accounts/2fa/authenticate/")
    assert client.get("/typed/").status_code == 302  # not before the second step
    client.post(answer["Location"], {"code": format_hotp_value(hotp_value(secret, int(time()) // 30))})
    assert given_back(client.get("/typed/"))[1]["note"] == [WORDS]


def test_show_stores_nothing_before_the_sign_in(client, verified):
    client.post("/entries/add/", typed())
    assert not client.session.keys()


def test_show_is_never_given_to_another_person(client, verified, ben):
    sign_in(client, client.post("/entries/add/", typed()), verified)
    session = client.session
    session["typed"]["who"] = ben.pk
    session.save()
    assert client.get("/typed/")["Location"] == "/"


def test_show_is_never_given_to_somebody_other_than_its_writer(client, verified, ben):
    """A shared tablet: Ben's form, sent after his sign-in had ended, and Ana signs in on the page that answers it."""
    sign_in(client, client.post("/entries/add/", typed(who=str(ben.pk))), verified)
    assert "typed" not in client.session


def test_show_gives_back_a_share_whose_who_is_the_reader(client, verified, paula):
    """In a share `who` is not whose form it is: it was kept from the one who typed it."""
    sign_in(client, client.post("/shares/grant/", {"who": paula.email, "with_notes": "on"}), verified)
    assert given_back(client.get("/typed/"))[1]["who"] == [paula.email]


def test_a_lost_token_gives_nothing_back_to_another_person(ana, ben):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ana)
    for writer, told in ((ben, False), (ana, True)):
        page = client.post("/entries/add/", typed(who=str(writer.pk)), headers={"Origin": "http://testserver"})
        assert (page.status_code, "slept badly" in text(page)) == (403, told)


def test_show_throws_away(client, verified):
    sign_in(client, client.post("/entries/add/", typed()), verified)
    client.post("/typed/")
    assert "typed" not in client.session


@pytest.mark.asvs("V9.2.1")
def test_show_is_forgotten_at_sign_out_and_after_half_a_day(client, verified, now):
    sign_in(client, client.post("/entries/add/", typed()), verified)
    with time_machine.travel(now + timedelta(hours=13), tick=False):
        assert client.get("/typed/")["Location"] == "/"
    client.post("/accounts/logout/")
    assert "typed" not in client.session


def test_show_gives_back_what_staff_sent_before_they_had_a_second_step(client, paula, ana):
    client.force_login(paula)
    Authenticator.objects.filter(user=paula).delete()
    id, address = str(uuid4()), f"/patients/{ana.pk}/messages/"
    assert client.post(address, {"id": id, "body": WORDS})["Location"] == "/accounts/2fa/"
    assert "What you typed is kept until then." in text(client.get("/accounts/2fa/"))
    with_second_step(paula)
    assert client.get("/")["Location"] == "/typed/"
    action, fields = given_back(client.get("/typed/"))
    assert (action, fields["id"], fields["body"]) == (address, [id], [WORDS])
    client.post(action, fields)
    assert Message.objects.get().body == WORDS
    assert client.get("/")["Location"] == "/worklist/"


def test_show_gives_back_what_staff_sent_after_half_an_hour_of_rest(signed_in, paula, ana, now):
    paula.emailaddress_set.update_or_create(email=paula.email, defaults={"verified": True, "primary": True})
    client = signed_in(paula)
    client.get("/worklist/")
    with time_machine.travel(now + timedelta(minutes=31), tick=False):
        page = client.post(f"/patients/{ana.pk}/note/", {"id": str(uuid4()), "body": WORDS})
        assert page.status_code == 401
        sign_in(client, page, paula)
        client.post("/accounts/2fa/authenticate/", {"code": format_hotp_value(hotp_value(SECRET, int(time()) // 30))})
        action, fields = given_back(client.get("/typed/"))
    assert (action, fields["body"]) == (f"/patients/{ana.pk}/note/", [WORDS])


@pytest.mark.asvs("V1.5.2", "V9.1.1")
@pytest.mark.parametrize("sealed", ["", "nonsense", "a:b:c"])
def test_show_believes_no_seal_but_ours(client, verified, sealed):
    client.post("/accounts/login/", {"login": verified.email, "password": PASSWORD, "typed": sealed})
    assert "typed" not in client.session


def test_show_keeps_any_form_an_empty_one_too(client, verified, log):
    """A share ended, an entry deleted while signed out: it is offered again, where GET would answer 405."""
    entry = log(verified, 3).entry
    sign_in(client, client.post(f"/entries/{entry.pk}/withdraw/"), verified)
    assert given_back(client.get("/typed/"))[0] == f"/entries/{entry.pk}/withdraw/"


def test_show_comes_after_a_lost_token_too(verified):
    """Cookie and session both gone: one page with a fresh token, one sign-in, saved once."""
    client, cookie = Client(enforce_csrf_checks=True), {"Origin": "http://testserver"}
    page = client.post("/entries/add/", typed(), headers=cookie)
    assert page.status_code == 403
    action, fields = given_back(page)
    page = client.post(action, fields, headers=cookie)
    assert page.status_code == 401
    token = client.cookies["csrftoken"].value
    _action, fields = given_back(page)
    asked = fields | {"login": verified.email, "password": PASSWORD, "csrfmiddlewaretoken": token}
    assert client.post("/accounts/login/", asked, headers=cookie)["Location"] == "/typed/"
    action, fields = given_back(client.get("/typed/"))
    assert client.post(action, fields, headers=cookie).status_code == 302
    assert Entry.objects.get().note == WORDS
