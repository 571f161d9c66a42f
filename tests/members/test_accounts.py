"""Accounts: sign up and in, mails about them, the basket and the language that come along."""

import json
import re

import pytest
from django.contrib.auth import hashers
from django.core import mail as outgoing
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django_ox.models import OxTask

from members.models import User
from store import cart as carts
from store.models import Cart
from tests import factories
from tests.factories.people import PASSWORD
from tests.store import letters

pytestmark = pytest.mark.django_db


def there(name: str, locale: str = "en") -> str:
    with translation.override(locale):
        return reverse(name)


@pytest.fixture(autouse=True)
def _shop():
    factories.open_shop()


def code_in(subject: str) -> str:
    return subject.rsplit(maxsplit=1)[-1]


@pytest.mark.parametrize("locale", ["fr", "en"])
@pytest.mark.parametrize(
    "name", ["account_login", "account_signup", "account_request_login_code", "account_reset_password",
             "account_reset_password_done"],
)  # fmt: skip
def test_pages_before_the_door(client, name, locale):
    response = client.get(there(name, locale))
    page = response.content.decode()
    assert response.status_code == 200
    assert f'<html lang="{locale}"' in page
    assert '<meta name="robots" content="noindex">' in page
    assert "no-store" in response["Cache-Control"]
    assert " style=" not in page
    assert "placeholder=" not in page


@pytest.mark.parametrize("locale", ["fr", "en"])
@pytest.mark.parametrize("name", ["account", "account_email", "account_logout", "mfa_index", "account_change_password"])
def test_pages_behind_the_door(client, name, locale):
    client.force_login(factories.person(), backend="allauth.account.auth_backends.AuthenticationBackend")
    response = client.get(there(name, locale))
    assert response.status_code == 200
    assert "account__menu" in response.content.decode()
    assert " style=" not in response.content.decode()


def test_pages_of_the_second_factor(client):
    owner = factories.owner()
    factories.sign_in_strongly(client, owner)
    assert client.get(there("mfa_index")).status_code == 200
    again = client.get(there("mfa_generate_recovery_codes"))["Location"]
    client.post(again, {"password": PASSWORD})
    client.post(there("mfa_generate_recovery_codes"))
    page = client.get(there("mfa_view_recovery_codes")).content.decode()
    assert len(re.findall(r"^[0-9]{8}$|>[0-9]{8}$", page, re.MULTILINE)) == 10
    client.post(there("mfa_deactivate_totp"))
    assert "Set it up" in client.get(there("mfa_index")).content.decode()


def test_setting_up_the_second_factor_shows_code_and_secret(client):
    client.post(there("account_login"), {"login": factories.person().email, "password": PASSWORD})
    again = client.get(there("mfa_activate_totp"))["Location"]
    assert again.startswith(there("account_reauthenticate"))
    page = client.post(again, {"password": PASSWORD}, follow=True).content.decode()
    assert 'src="data:image/svg+xml' in page
    assert re.search(r"<code[^>]*>[A-Z2-7]{32}</code>", page)


def test_sign_up_by_a_code_in_the_reader_s_language(client, work):
    client.post(there("account_signup"), {"email": "Nina@example.org", "password1": PASSWORD, "website": ""})
    work()
    (message,) = outgoing.outbox
    assert message.to == ["nina@example.org"]
    assert message.subject.startswith("Your code: ")
    assert code_in(message.subject) in letters.html(message)
    client.post(there("account_email_verification_sent"), {"code": code_in(message.subject)})
    user = User.objects.get(email="nina@example.org")
    assert user.locale == "en"
    assert client.session["_auth_user_id"] == str(user.pk)


def test_honeypot_makes_no_account(client, work):
    client.post(there("account_signup"), {"email": "bot@example.org", "password1": PASSWORD, "website": "x"})
    work()
    assert not User.objects.filter(email="bot@example.org").exists()
    assert outgoing.outbox == []


def test_sign_up_with_a_known_address_says_nothing_on_the_page(work):
    person = factories.person()
    answers = [
        Client().post(there("account_signup"), {"email": email, "password1": PASSWORD, "website": ""})
        for email in (person.email, "new@example.org")
    ]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]
    work()
    assert sorted(message.to[0] for message in outgoing.outbox) == sorted([person.email, "new@example.org"])


@pytest.fixture
def hashings(monkeypatch) -> list[str]:
    """Every password that was hashed: the slow part of an answer."""
    done: list[str] = []
    hasher = type(hashers.get_hasher())
    encode = hasher.encode
    monkeypatch.setattr(hasher, "encode", lambda self, *args: done.append(args[0]) or encode(self, *args))
    return done


@pytest.mark.parametrize(
    ("name", "typed", "count"),
    [
        ("account_signup", {"email": "{}", "password1": PASSWORD, "website": ""}, 1),
        ("account_signup", {"email": "{}", "password1": PASSWORD, "website": "x"}, 1),
        ("account_login", {"login": "{}", "password": "another-password"}, 1),
        ("account_request_login_code", {"email": "{}"}, 0),
        ("account_reset_password", {"email": "{}"}, 0),
        ("store:find-order", {"number": "ABCDEFGH", "email": "{}"}, 0),
        ("store:withdraw", {"name": "Nina", "contract": "ABCDEFGH", "email": "{}"}, 0),
    ],
)
def test_work_does_not_tell_whether_an_address_is_known(hashings, name, typed, count):
    known, codeless = factories.person(), factories.person()
    codeless.set_unusable_password()
    codeless.save()
    answers = []
    for email in (known.email, codeless.email, "new@example.org"):
        hashings.clear()
        fields = {field: value.format(email) for field, value in typed.items()}
        answer = Client(REMOTE_ADDR=f"192.0.2.{len(answers)}").post(there(name), fields)
        answers.append((answer.status_code, answer.headers.get("Location"), len(hashings)))
    assert answers == [answers[0]] * 3
    assert answers[0][2] == count


def test_sign_in_by_code_without_password(client, work):
    person = factories.person(locale="en")
    client.post(there("account_request_login_code", "fr"), {"email": person.email})
    work()
    (message,) = outgoing.outbox
    assert message.message()["Content-Language"] == "en"
    client.post(there("account_confirm_login_code"), {"code": code_in(message.subject)})
    assert client.session["_auth_user_id"] == str(person.pk)


def test_codes_wait_sealed_in_the_queue(client):
    person = factories.person()
    client.post(there("account_request_login_code"), {"email": person.email})
    from members import sealing, tasks

    row = OxTask.objects.get(task_path="members.tasks.send_letter")
    held = json.dumps([getattr(row, field.attname) for field in row._meta.fields], default=str)  # noqa: SLF001
    sealed = re.search(r"gAAAA[\w=-]+", held)
    assert sealed
    letter = json.loads(sealing.unseal(tasks.PURPOSE, sealed[0]))
    assert letter["to"] == person.email
    assert person.email not in held
    assert letter["words"]["code"] not in held


def test_mail_server_down_does_not_break_the_page(client, monkeypatch):
    from django.core.mail import EmailMultiAlternatives

    def refuse(*_args, **_kwargs):
        raise OSError("down")

    monkeypatch.setattr(EmailMultiAlternatives, "send", refuse)
    response = client.post(there("account_request_login_code"), {"email": factories.person().email})
    assert response.status_code == 302


def test_forgotten_password_by_a_link(client, work):
    person = factories.person(locale="en")
    client.post(there("account_reset_password"), {"email": person.email})
    work()
    (message,) = outgoing.outbox
    address = next(word for word in message.body.split() if "/password/reset/key/" in word)
    page = client.get(address, follow=True)
    client.post(page.request["PATH_INFO"], {"password1": "tout-autre-chose", "password2": "tout-autre-chose"})
    person.refresh_from_db()
    assert person.check_password("tout-autre-chose")
    work()
    assert letters.subjects()[-1] == "Your password was changed"
    assert "127.0.0.1" in outgoing.outbox[-1].body


def test_used_link_offers_a_new_one(client):
    response = client.get(reverse("account_reset_password_from_key", args=["x", "set-password"]))
    assert reverse("account_reset_password") in response.content.decode()


def test_sign_in_keeps_the_basket_of_the_browser(client):
    person, offer = factories.person(), factories.offer()
    client.post(reverse("store:add"), {"offer": offer.pk, "quantity": 2})
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    cart = Cart.objects.get(is_ordered=False)
    assert (cart.user, cart.lines.get().quantity) == (person, 2)
    assert client.session[carts.KEY] == str(cart.token)


def test_sign_in_joins_both_baskets(client):
    person, one, other = factories.person(), factories.offer(), factories.offer()
    factories.basket(one, user=person)
    client.post(reverse("store:add"), {"offer": other.pk, "quantity": 1})
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    cart = Cart.objects.get(is_ordered=False)
    assert {line.offer for line in cart.lines.all()} == {one, other}


def test_first_sign_in_remembers_the_language_and_no_later_one_changes_it(client):
    person = factories.person()
    for locale in ("en", "fr"):
        client.post(there("account_login", locale), {"login": person.email, "password": PASSWORD})
        person.refresh_from_db()
        assert person.locale == "en"
        client.post(there("account_logout", locale))


def test_account_page_lists_one_s_own_orders(client):
    person = factories.person()
    mine, other = letters.paid(user=person, email=person.email), letters.paid()
    factories.order(user=person, email=person.email)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(there("account")).content.decode()
    assert page.count('class="orders__amount"') == 1
    assert mine.number in page
    assert other.number not in page
    address = re.search(r'href="(http://testserver/en/order/[^"]+)"', page)
    assert address
    client.logout()
    assert client.get(address[1]).status_code == 200


def test_account_page_without_orders_shows_the_next_step(client):
    client.force_login(factories.person(), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "No order yet" in client.get(there("account")).content.decode()


def test_account_needs_sign_in(client):
    response = client.get(there("account"))
    assert response["Location"].startswith(there("account_login"))


def test_language_of_mails_is_one_s_own_choice(client):
    person = factories.person(locale="fr")
    address = there("account-language")
    assert client.post(address, {"language": "en"})["Location"].startswith(there("account_login"))
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.post(address, {"language": "en"})
    client.post(address, {"language": "xx"})
    person.refresh_from_db()
    assert person.locale == "en"
    assert client.get(address).status_code == 405


def test_sign_out_leads_to_the_front_page_of_the_language(client):
    client.force_login(factories.person(), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.post(there("account_logout"))["Location"] == "/en/"
    assert "_auth_user_id" not in client.session


def locked_out(client: Client, email: str) -> str:
    """The page after fourteen wrong passwords and the right one."""
    for number in range(14):
        client.post(there("account_login"), {"login": email, "password": f"wrong-{number}"})
    return client.post(there("account_login"), {"login": email, "password": PASSWORD}).content.decode()


def test_code_by_mail_opens_when_passwords_are_refused(client, work):
    person = factories.person()
    page = locked_out(client, person.email)
    assert "A code by mail still lets you in" in page
    assert f'href="{there("account_request_login_code")}"' in page
    client.post(there("account_request_login_code"), {"email": person.email})
    work()
    client.post(there("account_confirm_login_code"), {"code": code_in(outgoing.outbox[-1].subject)})
    assert client.session["_auth_user_id"] == str(person.pk)


def test_new_password_lifts_the_refusal(client, work):
    person = factories.person(locale="en")
    locked_out(client, person.email)
    client.post(there("account_reset_password"), {"email": person.email})
    work()
    link = next(word for word in outgoing.outbox[-1].body.split() if "/password/reset/key/" in word)
    page = client.get(link, follow=True)
    client.post(page.request["PATH_INFO"], {"password1": "tout-autre-chose", "password2": "tout-autre-chose"})
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    elsewhere.post(there("account_login"), {"login": person.email, "password": "tout-autre-chose"})
    assert elsewhere.session["_auth_user_id"] == str(person.pk)


def test_forgetting_the_counts_lifts_the_refusal(client):
    person = factories.person()
    locked_out(client, person.email)
    cache.clear()
    client.post(there("account_login"), {"login": person.email, "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(person.pk)


def test_other_errors_of_the_sign_in_are_allauth_s_own(client):
    page = client.post(there("account_login"), {"login": factories.person().email, "password": "wrong"})
    assert "A code by mail" not in page.content.decode()
    assert page.context["form"].non_field_errors()


@pytest.mark.parametrize(("locale", "words"), [("fr", "Trop d’essais"), ("en", "Too many tries")])
def test_page_for_too_many_tries_looks_like_the_site(client, locale, words):
    for _number in range(30):
        client.post(there("account_login", locale), {})
    page = client.post(there("account_login", locale), {})
    assert page.status_code == 429
    assert f'<h1 class="over">{words}</h1>' in page.content.decode()


def test_whoever_signed_up_with_an_address_that_is_not_theirs_keeps_no_way_in(client, work):
    client.post(there("account_signup"), {"email": "lea@example.org", "password1": PASSWORD})
    hers = Client()
    hers.post(there("account_request_login_code"), {"email": "lea@example.org"})
    work()
    hers.post(there("account_confirm_login_code"), {"code": code_in(outgoing.outbox[-1].subject)})
    assert hers.get(there("account")).status_code == 200
    assert not User.objects.get(email="lea@example.org").has_usable_password()
    stranger = Client()
    stranger.post(there("account_login"), {"login": "lea@example.org", "password": PASSWORD})

    assert stranger.get(there("account")).status_code == 302


def test_a_password_chosen_by_who_proves_the_address_stays(client, work):
    client.post(there("account_signup"), {"email": "lea@example.org", "password1": PASSWORD})
    work()
    client.post(there("account_email_verification_sent"), {"code": code_in(outgoing.outbox[-1].subject)})

    assert User.objects.get(email="lea@example.org").check_password(PASSWORD)
