import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from diary.actions import entries
from diary.exports.document import as_json
from diary.exports.table import as_csv, columns_of
from diary.models import Entry, Flag, Import
from tests.views.test_today import text

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TABLE = "When it was,Pain,Mood,Notes\n03/01/2026 09:30,4,fine,<b>first</b>\n02/13/2026 21:00,6,low,second\n"


@pytest.fixture(autouse=True)
def _today_is_now(monkeypatch, now):
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)


def exported(person, now):
    return "".join(as_json(person, now))


def bring(client, content, kind, **other):
    content = content if isinstance(content, bytes) else content.encode()
    return client.post("/imports/", {"kind": kind, "file": SimpleUploadedFile("x", content)} | other)


def test_add_of_an_export_shows_what_would_be_taken_and_changes_nothing(signed_in, ana, ben, treat, log, now):
    treat(ana, ago=5 * DAY)
    log(ana, 4, ago=4 * DAY)
    client = signed_in(ben)
    said = text(client.get(bring(client, exported(ana, now), "json")["Location"]))
    for part in ("1 entry", "1 session", "Shares (1)", "The rules find flags anew."):
        assert part in said
    assert not Entry.objects.of(ben).exists()


def test_add_gives_back_what_was_pasted_where_too_many_were_looked_at(signed_in, ana, settings):
    """The page that said to wait had none of it: two hundred thousand characters are not typed again."""
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"import": "1/h/user"}
    client = signed_in(ana)
    sent = {"kind": "csv", "pasted": "When,Pain\n2026-03-01,4\n"}
    assert client.post("/imports/", sent).status_code == 302
    again = client.post("/imports/", sent)
    assert again.status_code == 429
    assert "after an hour at the latest it works" in text(again)
    assert "2026-03-01,4" in text(again)


def test_confirm_takes_it_in_and_says_that_the_digest_is_equal(signed_in, ana, ben, log, now):
    log(ana, 4, ago=4 * DAY, note="as it was")
    client = signed_in(ben)
    to = bring(client, exported(ana, now), "json")["Location"]
    assert client.post(f"{to}confirm/")["Location"] == to
    said = text(client.get(to))
    assert "has the same digest as the file" in said
    assert json.loads(exported(ana, now))["settle"]["digest"] in said
    entry = Entry.objects.of(ben).get()
    assert "Taken from a file: Tuesday 10 March 2026" in text(client.get(f"/entries/{entry.pk}/"))
    assert client.post(f"{to}confirm/")["Location"] == to
    assert Entry.objects.of(ben).count() == 1
    assert "Taken in" in text(client.get("/imports/"))


def test_confirm_of_a_sign_of_the_last_days_is_answered_at_once(signed_in, ana, ben, log, now):
    entry = log(ana, 4, ago=DAY, red_flags=["breathing"]).entry
    client = signed_in(ben)
    to = bring(client, exported(ana, now), "json")["Location"]
    answer = client.post(f"{to}confirm/", follow=True)
    assert answer.redirect_chain[0][0].endswith("/advice/")
    assert "Seek medical care at once" in text(answer) or "emergency" in text(answer)
    assert str(entry.pk) not in answer.redirect_chain[0][0]  # that id is Ana's


def test_confirm_says_how_many_flags_of_the_past_stand_on_the_list(signed_in, ana, ben, log, now):
    log(ana, 4, ago=60 * DAY, red_flags=["breathing"])
    client = signed_in(ben)
    to = bring(client, exported(ana, now), "json")["Location"]
    assert client.post(f"{to}confirm/")["Location"] == to
    assert "1 flag is about a time more than a week ago" in text(client.get(to))
    assert Flag.objects.filter(patient=ben, status="open").count() == 1


def test_withdraw_keeps_nothing_of_a_file(signed_in, ben):
    client = signed_in(ben)
    to = bring(client, TABLE, "csv")["Location"]
    assert "A file waits" in text(client.get("/imports/"))
    assert "nothing of the file is kept" in text(client.post(f"{to}withdraw/", follow=True))
    assert not Import.objects.exists()
    assert client.get(to).status_code == 404


@pytest.mark.parametrize(
    ("kind", "content", "said"),
    [
        ("json", b"{", "This is not JSON"),
        ("json", b"", "This file is empty."),
        ("csv", b"x\n1", "does not name the columns"),
        ("xml", b"x", "Choose what it is."),
    ],
)
def test_add_says_what_is_wrong_and_keeps_the_choice(kind, content, said, signed_in, ben):
    answer = bring(signed_in(ben), content, kind)
    assert said in text(answer)
    assert answer.context["form"]["kind"].value() == kind


def test_add_keeps_what_was_pasted_where_it_cannot_be_read(signed_in, ben):
    answer = signed_in(ben).post("/imports/", {"kind": "csv", "pasted": "only words <i>"})
    assert "only words &lt;i&gt;" in answer.content.decode()
    assert "Choose a file." in text(signed_in(ben).post("/imports/", {"kind": "csv", "pasted": " "}))


def test_show_of_a_table_that_is_longer_as_utf_8_than_it_came(signed_in, ben, monkeypatch):
    content = f"date,pain,note\n2026-03-01,4,{'ü' * 100}\n".encode("cp1252")
    monkeypatch.setattr("diary.importing.table.BYTES", len(content))
    client = signed_in(ben)
    to = bring(client, content, "csv")["Location"]
    assert "1 entry" in text(client.get(to))
    client.post(f"{to}confirm/")
    assert Entry.objects.get(patient=ben).note == "ü" * 100


def test_show_of_a_table_reads_it_as_it_is_told(signed_in, ben, now):
    client = signed_in(ben)
    to = bring(client, TABLE, "csv")["Location"]
    assert "2 entries" in text(client.get(to))  # a column of dates is found, however it is headed
    other = bring(client, TABLE.replace("Pain", "Level"), "csv")["Location"]
    assert "Say below which column is the pain, and which is the date." in text(client.get(other))
    to = bring(client, TABLE, "csv")["Location"]
    choice = {"column_0": "when", "column_1": "pain", "column_2": "", "column_3": "note", "zone": "America/New_York"}
    assert client.post(to, choice | {"dates": "mdy"})["Location"] == to
    said = client.get(to)
    assert "2 entries" in text(said)
    assert "Sunday 1 March 2026, 09:30" in text(said)
    assert "&lt;b&gt;first&lt;/b&gt;" in said.content.decode()
    client.post(f"{to}confirm/")
    assert {*Entry.objects.of(ben).values_list("pain", "note", "zone")} == {
        (4, "<b>first</b>", "America/New_York"),
        (6, "second", "America/New_York"),
    }


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ({"column_0": "when"}, "which column is the pain"),
        ({"column_0": "when", "column_1": "pain", "column_2": "pain"}, "Two columns are said to be the same"),
        ({"column_0": "dragon", "column_1": "pain"}, "Select a valid choice"),
    ],
)
def test_show_refuses_a_choice_that_cannot_be(choice, said, signed_in, ben):
    client = signed_in(ben)
    to = bring(client, TABLE, "csv")["Location"]
    assert said in text(client.post(to, choice | {"dates": "iso", "zone": "UTC"}))


def test_confirm_of_a_table_with_a_wrong_line_takes_in_nothing(signed_in, ben):
    client = signed_in(ben)
    to = bring(client, "date,pain\n2026-03-01,4\n2026-03-02,12\n", "csv")["Location"]
    assert "Line 3: Pain, 0 to 10: not a whole number from 0 to 10" in text(client.get(to))
    client.post(f"{to}confirm/")
    assert not Entry.objects.exists()


def test_confirm_of_the_own_table_changes_nothing(signed_in, ana, log, now):
    log(ana, 4, ago=DAY, note="=1+1", soreness=2)
    log(ana, 5, ago=2 * DAY)
    client = signed_in(ana)
    to = bring(client, "".join(as_csv(ana)), "csv")["Location"]
    assert "2 rows stand here already and stay as they are." in text(client.get(to))
    client.post(f"{to}confirm/")
    assert Entry.objects.count() == 2


def test_show_knows_the_own_table_without_ids(signed_in, ana, log, now):
    log(ana, 4, ago=DAY)
    table = "".join(as_csv(ana, columns_of([])))
    client = signed_in(ana)
    assert "1 row stands here already" in text(client.get(bring(client, table, "csv")["Location"]))


def test_show_compares_what_the_own_table_says_and_not_what_was_left_out_of_it(signed_in, ana, log, now):
    """Of each entry with a note it was said that it says something else here, where notes were not ticked."""
    log(ana, 4, ago=DAY, note="as said", stiffness=2, zone="Europe/Lisbon")
    gone = log(ana, 5, ago=2 * DAY).entry
    log(ana, 6, ago=3 * DAY)
    without = "".join(as_csv(ana, columns_of(["exact"])))
    entries.withdraw(by=ana, now=now, entry=gone)
    client = signed_in(ana)
    said = text(client.get(bring(client, without, "csv")["Location"]))
    assert "2 rows stand here already" in said
    assert said.count("stands here under the same id and says something else") == 1  # the one that was deleted since


def test_show_says_how_many_more_are_left_out_than_it_lists(signed_in, ana, log, now):
    for number in range(52):
        log(ana, 4, ago=number * HOUR)
    content = "".join(as_csv(ana)).replace(",4,", ",5,")
    client = signed_in(ana)
    said = text(client.get(bring(client, content, "csv")["Location"]))
    assert said.count("says something else; yours here stays.") == 50
    assert "2 more" in said


def test_confirm_of_a_table_twice_is_once(signed_in, ben):
    client = signed_in(ben)
    for count in (0, 2):
        to = bring(client, "date,pain\n2026-03-01,4\n2026-03-02,5\n", "csv")["Location"]
        assert ("Nothing: all of it stands here already" in text(client.get(to))) == bool(count)
        client.post(f"{to}confirm/")
        assert Entry.objects.of(ben).count() == 2
