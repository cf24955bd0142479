"""The pages of signing in and of the second step, in a browser under the site's policy; a passkey from end to end."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser import DESKTOP, PHONE
from tests.people import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOKS = [(PHONE, "light"), pytest.param(DESKTOP, "dark", marks=pytest.mark.full)]
OUTSIDE = ["home-show", "account_login", "account_reset_password", "account_reset_password_done", "account_signup"]
INSIDE = ["mfa_index", "usersessions_list", "account_change_password", "account_email", "account_logout"]
AFTER_ASKING = [
    "mfa_deactivate_totp",
    "mfa_add_webauthn",
    "mfa_list_webauthn",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
]
ZOOMED = {"width": 320, "height": 640}


def fits(opened, size):
    opened.set_viewport_size(ZOOMED)
    wide = opened.evaluate("document.documentElement.scrollWidth")
    opened.set_viewport_size(size)
    return wide <= ZOOMED["width"]


def look_at(opened, names, size, axe):
    for name in names:
        opened.goto(reverse(name))
        expect(opened.locator("h1")).to_have_count(1)
        assert (name, axe(opened)) == (name, [])
        assert fits(opened, size), name


def prove(opened):
    """Answer the question for the password that stands before whatever concerns the way in."""
    opened.get_by_label("Your password").fill(PASSWORD)
    with opened.expect_navigation():
        opened.get_by_role("button", name="Go on").click()


@pytest.mark.parametrize(("size", "colours"), LOOKS)
def test_the_pages_outside(size, colours, page, axe):
    look_at(page(size=size, colours=colours), OUTSIDE, size, axe)


@pytest.mark.parametrize(("size", "colours"), LOOKS)
def test_the_pages_inside(size, colours, paula, page, axe):
    RecoveryCodes.activate(paula)
    opened = page(paula, size=size, colours=colours)
    look_at(opened, INSIDE, size, axe)
    opened.goto(reverse("mfa_deactivate_totp"))
    assert axe(opened) == []
    prove(opened)
    look_at(opened, AFTER_ASKING, size, axe)


def beside(opened, **able):
    """Give a browser something that keeps keys; whether it takes a person for its owner is `isUserVerified`."""
    device = opened.context.new_cdp_session(opened)
    device.send("WebAuthn.enable")
    made = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options = made | able | {"automaticPresenceSimulation": True}
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_newcomer_sets_up_a_passkey_and_signs_in_with_it_alone(newcomer, page):
    Authenticator.objects.filter(user=newcomer).delete()
    opened = page(newcomer)
    beside(opened, isUserVerified=True)
    opened.goto("/")
    opened.get_by_role("link", name="Add a key").click()
    prove(opened)
    opened.get_by_role("button", name="Add it").click()
    expect(opened.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    opened.get_by_role("link", name="I have kept them").click()
    expect(opened.get_by_role("heading", name="Your credential is not verified yet")).to_be_visible()
    opened.context.clear_cookies()
    opened.goto(reverse("account_login"))
    opened.get_by_role("button", name="Sign in with a passkey").click()
    expect(opened.get_by_role("heading", name="Your credential is not verified yet")).to_be_visible()


def refuse(opened, button, error):
    """Press a button whose question the browser answers with an error."""
    no = f"() => Promise.reject(new DOMException('no', '{error}'))"
    opened.evaluate(f"() => {{ navigator.credentials.create = navigator.credentials.get = {no} }}")
    opened.get_by_role("button", name=button).click()
    return opened.locator("[data-key-said]")


def test_what_a_browser_refuses_of_a_key_is_said(paula, page, axe):
    """Cancelled, known already, not possible: each is a sentence beside the button, the next press begins anew."""
    opened = page()
    beside(opened)
    opened.goto(reverse("account_login"))
    opened.get_by_role("button", name="Sign in with a passkey").click()  # none is kept here
    expect(opened.locator("[data-key-said]")).to_contain_text("No key was given: it was cancelled")
    opened.get_by_label("Email address").fill(paula.email)
    opened.get_by_label("Password", exact=True).fill(PASSWORD)
    opened.get_by_role("button", name="Sign in", exact=True).click()
    expect(refuse(opened, "Use a passkey", "NotAllowedError")).to_contain_text("No key was given")
    expect(refuse(opened, "Use a passkey", "NotSupportedError")).to_contain_text("This browser cannot ask for a key")
    assert axe(opened) == []


def test_a_key_that_is_not_added_is_said(paula, page, axe):
    opened = page(paula)
    opened.goto(reverse("mfa_add_webauthn"))
    prove(opened)
    expect(refuse(opened, "Add it", "InvalidStateError")).to_have_text("This key is known here already.")
    expect(refuse(opened, "Add it", "NotAllowedError")).to_contain_text("No key was given")
    assert axe(opened) == []


def test_without_a_script_no_button_asks_for_a_key(page):
    opened = page(java_script_enabled=False)
    opened.goto(reverse("account_login"))
    expect(opened.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    expect(opened.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()


def test_a_key_is_listed_renamed_and_removed(newcomer, page, axe):
    Authenticator.objects.filter(user=newcomer).delete()
    opened = page(newcomer)
    beside(opened, isUserVerified=True)
    opened.goto(reverse("mfa_add_webauthn"))
    prove(opened)
    opened.get_by_label("A name for it").press("Enter")  # as good as the button
    opened.wait_for_url("**/recovery-codes/")
    opened.goto(reverse("mfa_list_webauthn"))
    assert axe(opened) == []
    expect(opened.locator(".rows")).to_contain_text("not used yet")
    opened.get_by_role("link", name="Change the name").click()
    assert axe(opened) == []
    opened.get_by_label("Name").fill("my phone")
    opened.get_by_role("button", name="Save").click()
    expect(opened.locator(".rows h2")).to_have_text("my phone")
    opened.get_by_role("link", name="Remove").click()
    assert axe(opened) == []
    opened.get_by_role("button", name="Remove it").click()
    expect(opened.locator(".rows")).to_have_count(0)
