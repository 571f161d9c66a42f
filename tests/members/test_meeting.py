"""Members meet: nothing beyond the directory before both say yes, a refusal leaves no trace, nobody asks twice."""

import io

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from core import limits
from members import meeting
from members.models import Introduction, Profile, Report, User
from tests import factories

pytestmark = pytest.mark.django_db


def listed(name: str, **fields) -> Profile:
    """A member in the directory who shows her town and hides her trade."""
    user = factories.member(email=f"{name.lower()}@example.org")
    given = {"town": f"Ville-{name}", "trade": f"Métier-{name}", "shown": ["town"], "is_listed": True, **fields}
    return Profile.objects.create(user=user, name=name, **given)


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_directory_is_for_members_and_shows_what_each_shows() -> None:
    factories.open_shop()
    lea, noe, url = listed("Lea"), listed("Noe"), reverse("members:directory")
    hidden = listed("Zoe", is_listed=False)
    html = browser(lea.user).get(url).content.decode()

    assert "Ville-Noe" in html
    assert "Métier-Noe" not in html
    assert noe.user.email not in html
    assert hidden.name not in html
    assert "login" in Client().get(url).headers["Location"]
    assert browser(factories.person()).get(url).status_code == 404
    noe.user.memberships.update(state="ended")
    assert "Ville-Noe" not in browser(lea.user).get(url).content.decode()


def test_a_search_does_not_find_what_is_hidden() -> None:
    factories.open_shop()
    lea, _noe, url = listed("Lea"), listed("Noe"), reverse("members:directory")

    assert "Ville-Noe" in browser(lea.user).get(url, {"q": "ville-noe"}).content.decode()
    assert "Ville-Noe" not in browser(lea.user).get(url, {"q": "métier-noe"}).content.decode()


def test_both_say_yes(work) -> None:
    lea, noe = listed("Lea"), listed("Noe")
    row = meeting.ask(lea.user, noe, "Vos couteaux m’intéressent.")
    work()
    assert [message.to for message in mail.outbox if "aimerait" in message.subject] == [[noe.user.email]]
    page = reverse("members:introductions")
    assert noe.user.email not in browser(lea.user).get(page).content.decode()

    assert browser(noe.user).post(reverse("members:act", args=[row.key]), {"deed": "yes"}).status_code == 302
    work()
    assert noe.user.email in browser(lea.user).get(page).content.decode()
    assert lea.user.email in browser(noe.user).get(page).content.decode()
    assert {tuple(message.to) for message in mail.outbox[-2:]} == {(lea.user.email,), (noe.user.email,)}


def test_a_refusal_leaves_no_trace_and_nobody_asks_again(work) -> None:
    lea, noe = listed("Lea"), listed("Noe")
    row = meeting.ask(lea.user, noe, "Bonjour")
    work()
    before = browser(lea.user).get(reverse("members:introductions")).content
    sent = len(mail.outbox)
    assert meeting.answer(row, by=noe.user, is_yes=False)
    work()

    assert strip(browser(lea.user).get(reverse("members:introductions")).content) == strip(before)
    assert not [message for message in mail.outbox[sent:] if message.to == [lea.user.email]]
    for asker, asked in ((lea, noe), (noe, lea)):
        with pytest.raises(meeting.AlreadyAsked):
            meeting.ask(asker.user, asked, "Encore")
    assert meeting.withdraw(row, by=lea.user)
    row.refresh_from_db()
    assert row.state == Introduction.State.REFUSED
    assert "Noe" not in browser(lea.user).get(reverse("members:introductions")).content.decode()


def strip(content: bytes) -> str:
    """Without the token of forms, which is another each time."""
    return "\n".join(line for line in content.decode().split("\n") if "csrf" not in line)


def test_nobody_answers_or_reports_for_others() -> None:
    lea, noe, eve = listed("Lea"), listed("Noe"), listed("Eve")
    row = meeting.ask(lea.user, noe, "Bonjour")
    for deed in ("yes", "no", "report", "block", "withdraw"):
        assert browser(eve.user).post(reverse("members:act", args=[row.key]), {"deed": deed}).status_code == 404
    assert not meeting.answer(row, by=lea.user, is_yes=True)
    assert not meeting.report(row, by=lea.user)
    row.refresh_from_db()
    assert row.state == Introduction.State.ASKED


def test_reported_it_stands_on_the_desk_and_the_two_part() -> None:
    lea, noe = listed("Lea"), listed("Noe")
    row = meeting.ask(lea.user, noe, "Quelque chose de déplacé")
    for _twice in range(2):
        meeting.report(row, by=noe.user)
    owner = Client()
    factories.sign_in_strongly(owner, factories.owner())

    assert "Quelque chose de déplacé" in owner.get("/cms/").content.decode()
    found = Report.objects.get()
    assert "Quelque chose" in owner.get(reverse("club:report", args=[found.pk])).content.decode()
    owner.post(reverse("club:report", args=[found.pk]))
    assert "Quelque chose de déplacé" not in owner.get("/cms/").content.decode()
    with pytest.raises(meeting.CannotMeet):
        meeting.ask(lea.user, noe, "Encore")


def page(user: User) -> str:
    return browser(user).get(reverse("members:introductions")).content.decode()


@pytest.mark.parametrize("who", ["asker", "asked"])
def test_who_said_yes_is_blocked_like_anybody(work, who: str) -> None:
    lea, noe, eve = listed("Lea"), listed("Noe"), listed("Eve")
    row, kept = meeting.ask(lea.user, noe, "Bonjour"), meeting.ask(lea.user, eve, "Bonjour")
    for one, by in ((row, noe), (kept, eve)):
        assert meeting.answer(one, by=by.user, is_yes=True)
    work()
    by, other = (lea, noe) if who == "asker" else (noe, lea)
    assert other.user.email in page(by.user)
    assert 'value="block"' in page(by.user)
    assert browser(by.user).post(reverse("members:act", args=[row.key]), {"deed": "block"}).status_code == 302

    for one, gone in ((by, other), (other, by)):
        html = page(one.user) + browser(one.user).get(reverse("members:directory")).content.decode()
        assert gone.user.email not in html
        assert f"Ville-{gone.name}" not in html
        with pytest.raises(meeting.CannotMeet):
            meeting.ask(one.user, gone, "Encore")
    assert eve.user.email in page(lea.user)


def test_who_said_yes_is_reported_by_who_got_the_message(work) -> None:
    lea, noe = listed("Lea"), listed("Noe")
    row = meeting.ask(lea.user, noe, "Bonjour")
    meeting.answer(row, by=noe.user, is_yes=True)
    assert ('value="report"' in page(noe.user), 'value="report"' in page(lea.user)) == (True, False)
    browser(noe.user).post(reverse("members:act", args=[row.key]), {"deed": "report"})
    assert Report.objects.get().by == noe.user
    work()
    assert not [
        letter for letter in mail.outbox if "Bienvenue" not in letter.subject
    ]  # they parted before the mail that gives addresses went out
    assert lea.user.email not in page(noe.user)


def test_five_a_day() -> None:
    lea = listed("Lea")
    for number in range(meeting.A_DAY):
        meeting.ask(lea.user, listed(f"N{number}"), "Bonjour")
    with pytest.raises(limits.TooMany):
        meeting.ask(lea.user, listed("Un de trop"), "Bonjour")


def test_a_profile_is_typed_shown_and_its_portrait_drawn_anew() -> None:
    factories.open_shop()
    user = factories.member(email="lea@example.org")
    client, url = browser(user), reverse("members:profile")
    picture = io.BytesIO()
    image = Image.new("RGB", (900, 600), (10, 20, 30))
    exif = image.getexif()
    exif[0x010E] = "secret place"
    image.save(picture, "JPEG", exif=exif)
    typed = {
        "name": "Léa",
        "words": "Bonjour",
        "links": "https://lea.example.org",
        "shown": ["portrait", "links"],
        "is_listed": "on",
    }
    upload = SimpleUploadedFile("moi.jpg", picture.getvalue(), "image/jpeg")

    assert client.post(url, {**typed, "links": "javascript:alert(1)"}).status_code == 422
    assert client.post(url, {**typed, "picture": upload}).status_code == 302
    row = Profile.objects.get()
    assert b"secret place" not in bytes(row.portrait)
    seen = browser(listed("Noe").user)
    assert seen.get(reverse("members:portrait", args=[row.key])).headers["Content-Type"] == "image/jpeg"
    assert 'rel="nofollow ugc noreferrer"' in seen.get(reverse("members:directory")).content.decode()
    assert Client().get(reverse("members:portrait", args=[row.key])).status_code == 302
    row.shown = []
    row.save()
    assert seen.get(reverse("members:portrait", args=[row.key])).status_code == 404


def test_the_directory_asks_as_often_for_many(django_assert_max_num_queries) -> None:
    factories.open_shop()
    lea = listed("Lea")
    for number in range(20):
        listed(f"N{number}")
    client = browser(lea.user)
    client.get(reverse("members:directory"))
    with django_assert_max_num_queries(14):
        client.get(reverse("members:directory"))


def test_asking_who_asked_is_a_yes(work):
    one, other = (
        Profile.objects.create(user=factories.member(), name=name, is_listed=True) for name in ("Nour", "Zoé")
    )
    meeting.ask(one.user, other, "Bonjour.")
    row = meeting.ask(other.user, one, "Bonjour aussi.")
    assert row.state == "accepted"
    with pytest.raises(meeting.AlreadyAsked):
        meeting.ask(one.user, other, "Encore.")
    assert Introduction.objects.count() == 1


def test_taking_it_back_does_not_tell_who_was_refused() -> None:
    lea, noe = listed("Lea"), listed("Noe")
    row = meeting.ask(lea.user, noe, "Bonjour")
    assert meeting.withdraw(row, by=lea.user)
    with pytest.raises(meeting.AlreadyAsked):
        meeting.ask(lea.user, noe, "Encore")
    assert meeting.ask(noe.user, lea, "Moi non plus").asked == lea.user
