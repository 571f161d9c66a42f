"""What goes out by mail about orders: its words, and that it goes once."""

from datetime import timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail as outgoing
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from core.models import Shop, TermsVersion
from store import claims, documents, mail, refunds
from store.models import DeliveryMethod, MailClaim, MailSent, Order, Refund
from tests import factories
from tests.store import letters

pytestmark = pytest.mark.django_db


@pytest.fixture
def refusing(monkeypatch):
    """A mail server that is down; calling it lets mail through again."""
    monkeypatch.setattr(EmailMultiAlternatives, "send", _refuse)
    return monkeypatch.undo


def _refuse(_message, *_args, **_kwargs):
    raise SMTPServerDisconnected("down")


def test_receipt_goes_once_with_both_documents():
    order = letters.paid()
    mail.to_buyer(order.pk, "receipt")
    mail.to_buyer(order.pk, "receipt")

    (message,) = outgoing.outbox
    assert (message.to, message.subject) == (["lea@example.org"], f"Your order {order.number} is confirmed")
    terms, form = (attachment for attachment in message.attachments)
    assert (terms.filename, form.filename) == ("terms-of-sale.pdf", "withdrawal-form.pdf")
    assert terms.content == documents.terms(order.terms, "en")
    assert form.content[:5] == b"%PDF-"
    assert list(order.mails.values_list("key", flat=True)) == ["receipt"]


def test_receipt_says_all_that_the_law_asks():
    order = letters.paid(cart=factories.basket(factories.offer(price=2000), quantity=2))
    mail.to_buyer(order.pk, "receipt")
    (message,) = outgoing.outbox
    for text in (message.body, letters.html(message)):
        flat = letters.flat(text)
        for wanted in (
            order.number, "€40.00", "€20.00 each", "To your door", "€5.00", "€45.00", "including €7.50 of VAT",
            "Léa Martin", "12 rue des Lilas", "75011 Paris", "With you by", "Anne Essai", "1 rue Courte, 75001 Paris",
            "SIREN 732829320", "anne@essai.example", "01 02 03 04 05", "You have 14 days", "http://testserver/en/withdrawal/",
            "L217-3", "1641", "Médiation, 3 rue Droite, 75003 Paris", "https://mediation.example", order.terms_digest,
            "http://testserver/en/order/",
        ):  # fmt: skip
            assert wanted in flat, wanted


def test_receipt_keeps_the_terms_that_were_accepted():
    order = letters.paid()
    TermsVersion.objects.create(
        shop=order.shop, title="Other", text_fr="<p>Autre</p>", text_en="<p>Other</p>"
    ).publish()
    mail.to_buyer(order.pk, "receipt")
    terms = outgoing.outbox[0].attachments[0]
    assert order.terms.title == "CGV"
    assert terms.content == documents.terms(order.terms, "en")
    assert terms.content != documents.terms(order.shop.terms_in_force(), "en")


def test_receipt_in_franchise_has_no_vat_words_but_the_mention():
    factories.open_shop(franchise=True, vat_number="FR83732829320")
    order = letters.paid()
    mail.to_buyer(order.pk, "receipt")
    (message,) = outgoing.outbox
    mention = "VAT not applicable, art. 293 B of the CGI"
    for text in (message.body, letters.html(message)):
        assert text.count(mention) == 1
        assert "VAT" not in text.replace(mention, "")
        assert "FR83732829320" not in text


def test_receipt_goes_again_under_the_number_that_the_owner_gave_it():
    order = letters.paid()
    for kind in ("receipt", "receipt:1", "receipt:1"):
        mail.to_buyer(order.pk, kind)
    assert len(outgoing.outbox) == 2


def test_refused_mail_is_not_counted_and_goes_later(refusing):
    order = letters.paid()
    with pytest.raises(SMTPServerDisconnected):
        mail.to_buyer(order.pk, "receipt")
    assert not order.mails.exists()
    refusing()
    mail.to_buyer(order.pk, "receipt")
    assert len(outgoing.outbox) == 1


def test_crash_after_the_server_took_it_doubles_one_mail_under_one_id(monkeypatch):
    """Only when the dead one's claim has run out, and then once."""
    order = letters.paid()

    def killed(*_args, **_kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(MailSent.objects, "get_or_create", killed)
        with pytest.raises(KeyboardInterrupt):
            mail.to_buyer(order.pk, "receipt")
    with pytest.raises(claims.BeingSent):
        mail.to_buyer(order.pk, "receipt")
    assert len(outgoing.outbox) == 1
    MailClaim.objects.update(until=timezone.now())
    mail.to_buyer(order.pk, "receipt")
    mail.to_buyer(order.pk, "receipt")
    ids = {message.message()["Message-ID"] for message in outgoing.outbox}
    assert (len(outgoing.outbox), ids) == (2, {f"<receipt.{order.token}@testserver>"})
    assert not MailClaim.objects.exists()


def test_unknown_order_gets_nothing():
    mail.to_buyer(0, "link:1")
    assert outgoing.outbox == []


def test_unknown_kind_is_an_error():
    with pytest.raises(KeyError):
        mail.to_buyer(letters.paid().pk, "greeting")


def test_pending_goes_only_while_the_payment_is_on_its_way():
    order = letters.settle(factories.order(locale="en"), payment="unpaid")
    mail.to_buyer(order.pk, "pending")
    assert letters.subjects() == [f"Order {order.number}: your payment is on its way"]
    letters.settle(order)
    MailSent.objects.all().delete()
    mail.to_buyer(order.pk, "pending")
    assert len(outgoing.outbox) == 1


def test_failed_goes_only_while_nothing_was_paid():
    order = letters.settle(factories.order(locale="en"), status="expired", payment="unpaid")
    mail.to_buyer(order.pk, "failed")
    assert letters.subjects() == [f"Order {order.number}: the payment did not come through"]
    assert "Nothing was charged" in letters.html(outgoing.outbox[0])


def test_oversold_goes_until_the_owner_has_decided():
    order = letters.paid()
    mail.to_buyer(order.pk, "oversold")
    assert outgoing.outbox == []
    order.call_for(Order.Attention.OVERSOLD)
    mail.to_buyer(order.pk, "oversold")
    assert letters.subjects() == [f"Order {order.number}: something is missing"]


def test_shipped_names_parcel_contents_and_tracking():
    order = letters.paid()
    DeliveryMethod.objects.update(tracking_url="https://carrier.example/{number}")
    parcel = letters.packed(order)
    mail.to_buyer(order.pk, "shipped:1")
    assert outgoing.outbox == []
    parcel = letters.sent(order)
    mail.to_buyer(order.pk, f"shipped:{parcel.number}")
    (message,) = outgoing.outbox
    assert message.subject == f"Order {order.number} has left"
    assert f"1 \u00d7 {order.lines.get().title}" in message.body
    assert "La Poste 6A1 https://carrier.example/6A1" in message.body
    assert 'href="https://carrier.example/6A1"' in letters.html(message)


def test_pick_up_is_called_ready_and_says_where_and_when():
    shop = factories.open_shop()
    method = factories.delivery_method(
        shop, kind="pickup", pickup_address="9 rue Basse", pickup_hours="Mardi", pickup_hours_en="Tuesdays"
    )
    order = letters.paid(method_id=method.pk)
    letters.sent(order)
    mail.to_buyer(order.pk, "shipped:1")
    (message,) = outgoing.outbox
    assert message.subject == f"Order {order.number} is ready to be picked up"
    assert "9 rue Basse\nTuesdays" in message.body


def test_refunded_names_amounts_once_it_is_done():
    order = letters.paid()
    refund = refunds.start(order, refunds.everything(order))
    mail.to_buyer(order.pk, f"refunded:{refund.pk}")
    assert outgoing.outbox == []
    Refund.objects.update(state=Refund.State.SUCCEEDED)
    Order.objects.filter(pk=order.pk).update(refunded=order.total)
    mail.to_buyer(order.pk, f"refunded:{refund.pk}")
    (message,) = outgoing.outbox
    assert letters.flat(message.subject) == f"Order {order.number}: €25.00 refunded"
    assert "Delivery, €5.00" in message.body
    assert "all of the order is refunded" in message.body


def test_cancelled_says_that_nothing_will_be_sent():
    order = letters.paid()
    refunds.cancel(order)
    mail.to_buyer(order.pk, "cancelled")
    assert letters.subjects() == [f"Order {order.number} is cancelled"]


def test_mail_speaks_the_order_s_language():
    order = letters.paid(locale="fr")
    mail.to_buyer(order.pk, "receipt")
    (message,) = outgoing.outbox
    assert message.message()["Content-Language"] == "fr"
    assert "25,00\u00a0€" in message.body
    assert "http://testserver/en/" not in message.body


def test_names_of_buyers_are_text_in_html():
    order = letters.paid(name="<img src=x onerror=1>", note="<b>now</b>")
    mail.to_owner(order.pk)
    html = letters.html(outgoing.outbox[0])
    assert "<img" not in html
    assert "<b>" not in html
    assert "&lt;img src=x onerror=1&gt;" in html


def test_no_mail_asks_the_reader_s_program_to_load_anything():
    order = letters.paid()
    for kind in ("receipt", "link:1"):
        mail.to_buyer(order.pk, kind)
    mail.to_owner(order.pk)
    for message in outgoing.outbox:
        assert all(word not in letters.html(message) for word in ("<img", "src=", "url(", "@import", "<link"))


def test_owner_is_told_of_each_order_once():
    order = letters.paid()
    mail.to_owner(order.pk)
    mail.to_owner(order.pk)
    (message,) = outgoing.outbox
    assert (message.to, order.number in message.subject) == (["anne@essai.example"], True)


def test_owner_who_reads_a_digest_gets_no_mail_for_an_order():
    factories.open_shop(notify=Shop.Notify.DIGEST)
    mail.to_owner(letters.paid().pk)
    assert outgoing.outbox == []


def test_alarm_goes_at_once_whatever_she_chose_once_for_each_thing():
    factories.open_shop(notify=Shop.Notify.DIGEST)
    order = letters.paid()
    mail.alarm(order.pk)
    assert outgoing.outbox == []
    order.call_for(Order.Attention.MISMATCH)
    mail.alarm(order.pk)
    mail.alarm(order.pk)
    assert len(outgoing.outbox) == 1
    order.call_for(Order.Attention.REFUND_FAILED)
    mail.alarm(order.pk)
    assert len(outgoing.outbox) == 2


def digest_shop(**fields) -> Shop:
    return factories.open_shop(notify=Shop.Notify.DIGEST, digest_hour=0, **fields)


def test_digest_goes_once_a_day_and_tells_each_order_once():
    digest_shop()
    first = letters.paid()
    mail.digest()
    mail.digest()
    assert len(outgoing.outbox) == 1
    assert first.number in outgoing.outbox[0].body

    second = letters.paid(email="other@example.org")
    Shop.objects.update(digest_sent_on=timezone.localdate() - timedelta(days=1))
    mail.digest()
    assert first.number not in outgoing.outbox[1].body
    assert second.number in outgoing.outbox[1].body


def test_digest_waits_for_its_hour(monkeypatch):
    factories.open_shop(notify=Shop.Notify.DIGEST, digest_hour=18)
    letters.paid()
    evening = timezone.now().astimezone(mail.PARIS).replace(hour=18, minute=0)
    for moment, expected in ((evening - timedelta(minutes=1), 0), (evening, 1)):
        monkeypatch.setattr(mail.timezone, "now", lambda moment=moment: moment)
        mail.digest()
        assert len(outgoing.outbox) == expected


def test_digest_that_is_refused_goes_at_the_next_try(refusing):
    digest_shop()
    letters.paid()
    with pytest.raises(SMTPServerDisconnected):
        mail.digest()
    refusing()
    mail.digest()
    assert len(outgoing.outbox) == 1


def test_digest_without_news_is_not_sent():
    digest_shop()
    mail.digest()
    assert outgoing.outbox == []


def test_catch_up_sends_receipts_that_were_refused_for_long(refusing):
    late, fresh = letters.paid(), letters.paid(email="fresh@example.org")
    Order.objects.filter(pk=late.pk).update(paid_at=timezone.now() - timedelta(hours=1))
    mail.catch_up()
    refusing()
    mail.catch_up()
    mail.catch_up()
    assert [message.to for message in outgoing.outbox] == [["lea@example.org"]]
    assert not fresh.mails.exists()


def test_catch_up_leaves_alone_what_another_worker_is_sending():
    inhand, other = letters.paid(), letters.paid(email="other@example.org")
    Order.objects.update(paid_at=timezone.now() - timedelta(hours=1))
    claims.take(f"receipt.{inhand.token}")
    mail.catch_up()
    assert [message.to for message in outgoing.outbox] == [[other.email]]
