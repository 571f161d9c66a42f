"""The order's page behind its link, finding a lost link, the legal pages."""

from datetime import timedelta

import pytest
from django.core import mail as outgoing
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from core.models import Shop, TermsVersion
from store import fulfilment, links
from store.models import Order
from tests import factories
from tests.store import letters

pytestmark = pytest.mark.django_db


def there(name: str, *args, locale: str = "en") -> str:
    with translation.override(locale):
        return reverse(name, args=args)


def old_link(order: Order, monkeypatch, days: int) -> str:
    """A link signed that many days ago."""
    import time

    moment = time.time() - timedelta(days=days).total_seconds()
    with monkeypatch.context() as patch:
        patch.setattr(time, "time", lambda: moment)
        return links.sign(order)


def test_link_opens_the_order_without_login(client):
    order = letters.paid()
    letters.sent(order)
    response = client.get(links.order_url(order))
    page = letters.flat(response.content.decode())
    assert response.status_code == 200
    for wanted in (
        order.number,
        "Sent",
        "€25.00",
        "12 rue des Lilas",
        "6A1",
        "La Poste",
        "Paid: €25.00.",
        "Documents",
    ):
        assert wanted in page, wanted
    assert there("store:withdraw") in page


def test_link_leaves_no_trace(client):
    response = client.get(links.order_url(letters.paid()))
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Robots-Tag"] == "noindex"
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies
    assert b'<meta name="robots" content="noindex">' in response.content


def test_link_holds_nothing_personal():
    order = letters.paid()
    assert order.email not in links.order_url(order)
    assert order.name not in links.order_url(order)


@pytest.mark.parametrize("spoil", ["{}x", "x{}", "", "AAAA2222", "AAAA2222.1xV8.abc"])
def test_false_link_shows_the_way_and_nothing_else(client, spoil):
    order = letters.paid()
    response = client.get(there("store:order", spoil.format(links.sign(order)) or "-"))
    assert response.status_code == 404
    assert order.email not in response.content.decode()
    assert there("store:find-order") in response.content.decode()


def test_link_of_another_salt_is_false(client):
    from django.core import signing

    order = letters.paid()
    signed = signing.TimestampSigner(salt="other", sep=".").sign(order.number)
    assert client.get(there("store:order", signed)).status_code == 404


def test_link_lasts_sixty_days(client, monkeypatch):
    order = letters.paid()
    assert client.get(there("store:order", old_link(order, monkeypatch, 59))).status_code == 200
    expired = client.get(there("store:order", old_link(order, monkeypatch, 61)))
    assert expired.status_code == 410
    assert f'value="{order.number}"' in expired.content.decode()
    assert order.email not in expired.content.decode()


def test_unpaid_order_can_be_taken_up_again(client):
    order = factories.order(locale="en")
    page = client.get(links.order_url(order)).content.decode()
    assert there("store:resume", order.token) in page
    assert "You change your mind" not in page


def test_delivered_order_names_the_last_day_to_withdraw(client):
    order = letters.paid()
    letters.sent(order)
    fulfilment.deliver(order)
    page = client.get(links.order_url(order)).content.decode()
    assert "You may withdraw from this order until" in page


def test_documents_come_through_the_same_link(client):
    order = letters.paid()
    for name in ("terms", "withdrawal"):
        response = client.get(there("store:order-document", links.sign(order), name))
        assert (response["Content-Type"], response.content[:5]) == ("application/pdf", b"%PDF-")
        assert response["Referrer-Policy"] == "no-referrer"
    assert client.get(there("store:order-document", links.sign(order), "invoice")).status_code == 404
    assert client.get(there("store:order-document", "false", "terms")).status_code == 404


def test_order_page_asks_little_of_the_database(client, django_assert_max_num_queries):
    order = letters.paid(cart=factories.basket(*[factories.offer() for _each in range(5)]))
    letters.sent(order)
    address = links.order_url(order)
    client.get(address)
    with django_assert_max_num_queries(20):
        client.get(address)


def ask(client: Client, number: str, email: str):
    return client.post(there("store:find-order"), {"number": number, "email": email})


def test_find_answers_the_same_and_mails_only_the_buyer(client, work):
    order = letters.paid()
    right = ask(client, f" {order.number.lower()[:4]} {order.number.lower()[4:]}", "LEA@example.org")
    wrong_number = ask(client, "ZZZZ9999", "lea@example.org")
    wrong_mail = ask(client, order.number, "eve@example.org")
    work()
    assert [message.to for message in outgoing.outbox if "link" in message.subject] == [["lea@example.org"]]
    pages = [response.content.decode().lower() for response in (right, wrong_number, wrong_mail)]
    assert pages[0] == pages[1] == pages[2].replace("eve@", "lea@")


def test_found_link_opens_the_order(client, work):
    order = letters.paid()
    ask(client, order.number, order.email)
    work()
    body = next(message.body for message in outgoing.outbox if "link" in message.subject)
    address = next(word for word in body.split() if "/order/" in word)
    assert client.get(address).status_code == 200


def test_find_mails_once_in_five_minutes(client, work):
    order = letters.paid()
    for _again in range(3):
        assert ask(client, order.number, order.email).status_code == 200
    work()
    assert len([subject for subject in letters.subjects() if "link" in subject]) <= 2


def test_find_is_limited(client):
    factories.open_shop()
    answers = [ask(client, "ZZZZ9999", f"{number}@example.org").status_code for number in range(21)]
    assert answers == [200] * 20 + [429]


def test_find_says_what_is_wrong(client):
    factories.open_shop()
    response = ask(client, "", "lea")
    assert response.status_code == 422
    assert b'value="lea"' in response.content


# --- Legal pages ---------------------------------------------------------------------------------

PUBLIC = ["store:terms", "store:legal", "store:privacy"]


@pytest.mark.parametrize("locale", ["fr", "en"])
@pytest.mark.parametrize("name", PUBLIC)
def test_legal_pages_are_the_same_for_everybody(client, name, locale):
    factories.open_shop()
    address = there(name, locale=locale)
    guest = client.get(address)
    client.force_login(factories.person())
    known = client.get(address)
    assert guest.content == known.content
    assert guest["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert not guest.cookies
    assert client.get(address, headers={"If-None-Match": guest["ETag"]}).status_code == 304
    assert client.head(address).status_code == 200


def test_legal_notice_names_seller_host_mediator_and_identifiers(client):
    factories.open_shop(epr_ids="Emballages : FR000_01", capital="1 000 €")
    page = client.get(there("store:legal")).content.decode()
    for wanted in (
        "Anne Essai", "732829320", "1 rue Courte, 75001 Paris", "01 02 03 04 05", "Hôte", "2 rue Longue, 75002 Paris",
        "Médiation", "https://mediation.example", "FR000_01", "1 000 €",
    ):  # fmt: skip
        assert wanted in page, wanted
    assert "ec.europa.eu/consumers/odr" not in page


def test_legal_notice_in_franchise_names_no_vat_number(client):
    factories.open_shop(franchise=True, vat_number="FR83732829320")
    page = client.get(there("store:legal")).content.decode()
    assert "FR83732829320" not in page
    assert "art. 293 B" in page


def test_terms_in_force_and_earlier_ones(client):
    shop = factories.open_shop()
    first = shop.terms_in_force()
    TermsVersion.objects.filter(pk=first.pk).update(published_at=timezone.now() - timedelta(days=9))
    TermsVersion.objects.create(shop=shop, title="CGV 2", text_fr="<p>Deux</p>", text_en="<p>Two</p>").publish()
    draft = TermsVersion.objects.create(shop=shop, title="Brouillon", text_fr="<p>Trois</p>")

    now = client.get(there("store:terms")).content.decode()
    assert "<p>Two</p>" in now
    assert there("store:terms-version", first.pk) in now
    assert "Brouillon" not in now
    before = client.get(there("store:terms-version", first.pk)).content.decode()
    assert "<p>Terms</p>" in before
    assert "no longer in force" in before
    assert client.get(there("store:terms-version", draft.pk)).status_code == 404


def test_terms_run_no_script(client):
    shop = factories.open_shop()
    TermsVersion.objects.create(shop=shop, title="X", text_fr="<p>Un</p><script>x()</script>").publish()
    page = client.get(there("store:terms", locale="fr")).content.decode()
    assert "<script>x()" not in page


def test_shop_without_terms_says_so(client):
    Shop.objects.current()
    assert client.get(there("store:terms")).status_code == 200


@pytest.mark.parametrize("name", [*PUBLIC, "store:find-order"])
def test_every_page_links_to_the_withdrawal(client, name):
    factories.open_shop()
    assert f'href="{there("store:withdraw")}"' in client.get(there(name)).content.decode()
