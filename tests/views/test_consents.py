from diary import consenting
from diary.actions import consents, shares
from diary.models import Consent, Share
from tests.views.test_today import text


def test_show_has_the_words_and_the_day(signed_in, ana):
    read = text(signed_in(ana).get("/agreement/"))
    assert consenting.TEXTS[1, "en"] in read
    assert "Version 1, on Saturday 20 December 2025, 12:00" in read
    assert "What you agree to" not in read


def test_show_asks_changed_words_anew_and_keeps_the_old_ones(signed_in, ana, monkeypatch):
    change_the_words(monkeypatch)
    read = text(signed_in(ana).get("/agreement/"))
    assert consenting.TEXTS[1, "en"] in read
    assert "New words." in read


def test_agree_notes_the_version_that_was_shown(signed_in, ana, monkeypatch, now):
    change_the_words(monkeypatch)
    answer = signed_in(ana).post("/agreement/agree/", {"agreed": "2:en"})
    assert answer["Location"] == "/today/"
    consent = Consent.objects.standing().get(version=2)
    assert (consent.given_at, consent.text_digest) == (now, consenting.Agreement(2, "en").digest)


def test_agree_twice_is_one_agreement(signed_in, ana):
    client = signed_in(ana)
    for _ in range(2):
        client.post("/agreement/agree/", {"agreed": "1:es"})
    assert [consent.language for consent in Consent.objects.filter(patient=ana)] == ["en"]


def test_agree_to_words_that_never_were_is_to_those_that_stand(signed_in, ana, now):
    consents.withdraw(by=ana, now=now)
    signed_in(ana).post("/agreement/agree/", {"agreed": "99:xx"})
    assert Consent.objects.standing().get(patient=ana).version == consenting.CURRENT


def test_withdraw_ends_every_share_and_can_be_undone(signed_in, ana, paula, now):
    client = signed_in(ana)
    assert client.post("/agreement/withdraw/")["Location"] == "/agreement/"
    assert not Share.objects.live(now).filter(patient=ana).exists()
    read = text(client.get("/agreement/"))
    assert "You took your agreement back." in read
    assert "Taken back:" in read
    client.post("/agreement/agree/", {"agreed": "1:en"})
    assert Consent.objects.filter(patient=ana).count() == 2
    assert Consent.objects.standing().filter(patient=ana).count() == 1


def test_show_says_nobody_reads_only_while_nobody_does(signed_in, ana, paula, now):
    """Shared again without a new yes, the page went on saying that nobody else can read the diary."""
    consents.withdraw(by=ana, now=now)
    shares.grant(by=ana, now=now, code=paula.practitioner.spoken_code)
    client = signed_in(ana)
    read = text(client.get("/agreement/"))
    assert "have shared your diary since" in read
    assert "Nobody but you" not in read
    shares.revoke(by=ana, now=now, share=Share.objects.live(now).get(patient=ana))
    assert "Nobody but you can read your diary." in text(client.get("/agreement/"))


def change_the_words(monkeypatch):
    monkeypatch.setitem(consenting.TEXTS, (2, "en"), "New words.")
    monkeypatch.setattr(consenting, "CURRENT", 2)
