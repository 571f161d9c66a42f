"""The right to withdraw, and the function for it."""

import hashlib
import re
import uuid
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.core import mail as outgoing
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from django_ox.models import OxTask

from store import links, mail, withdrawal
from store.models import Order, Withdrawal
from store.views import withdraw
from store.withdrawal import Right, Statement
from tests import factories
from tests.store import letters

pytestmark = pytest.mark.django_db

SAID = Statement("Léa Martin", "lea@example.org", "ABCD2345", "le bol\nseulement", "fr")
TYPED = {"name": "Léa Martin", "contract": "ABCD2345", "email": "lea@example.org", "words": "le bol"}


def at(text: str) -> datetime:
    """A moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("received", "last"),
    [
        ("2026-11-02 10:00", "2026-11-16"),  # an ordinary Monday
        ("2026-11-03 10:00", "2026-11-17"),
        ("2026-11-07 10:00", "2026-11-23"),  # ends on a Saturday
        ("2026-11-08 10:00", "2026-11-23"),  # ends on a Sunday
        ("2026-10-28 10:00", "2026-11-12"),  # ends on 11 November
        ("2026-10-18 10:00", "2026-11-02"),  # ends on 1 November, a Sunday
        ("2026-12-11 10:00", "2026-12-28"),  # ends on Christmas, a Friday
        ("2026-12-18 10:00", "2027-01-04"),  # ends on New Year's Day, a Friday
        ("2026-04-17 10:00", "2026-05-04"),  # ends on 1 May, a Friday
        ("2026-04-24 10:00", "2026-05-11"),  # ends on 8 May, a Friday
        ("2026-06-30 10:00", "2026-07-15"),  # ends on 14 July
        ("2026-08-01 10:00", "2026-08-17"),  # ends on 15 August, a Saturday
        ("2026-03-23 10:00", "2026-04-07"),  # ends on Easter Monday
        ("2026-04-30 10:00", "2026-05-15"),  # ends on Ascension
        ("2026-05-11 10:00", "2026-05-26"),  # ends on Whit Monday
        ("2028-02-15 10:00", "2028-02-29"),  # a leap year
        ("2027-02-15 10:00", "2027-03-01"),  # not one
        ("2026-11-02 22:59", "2026-11-16"),  # 23:59 in Paris, winter
        ("2026-11-02 23:00", "2026-11-17"),  # midnight in Paris: the next day
        ("2026-07-05 21:59", "2026-07-20"),  # 23:59 in Paris, summer: ends on a Sunday
        ("2026-07-05 22:00", "2026-07-20"),  # midnight in Paris, summer
        ("2026-03-28 23:30", "2026-04-13"),  # the night the clocks go forward
        ("2026-10-24 22:30", "2026-11-09"),  # the night they go back
        ("2025-12-31 23:30", "2026-01-15"),  # already the new year in Paris
    ],
)
def test_last_day_is_fourteen_days_on_or_the_next_working_day(received, last):
    assert withdrawal.last_day(at(received)) == date.fromisoformat(last)


def test_period_ends_with_the_last_second_of_the_day_in_paris():
    right = Right(exists=True, last_day=date(2026, 11, 16))
    assert right.is_open(at("2026-11-16 22:59:59"))
    assert not right.is_open(at("2026-11-16 23:00:01"))
    assert withdrawal.closes_at(date(2026, 11, 16)) == at("2026-11-16 23:00")
    assert withdrawal.closes_at(date(2026, 7, 16)) == at("2026-07-16 22:00")


def line(quantity=1, legal_type="goods", shipped=(), refunded=0, needs_shipping=True):
    """What `deadline` reads of an order line; `shipped`: (units, moment of delivery or None) for each parcel."""
    rows = [
        SimpleNamespace(quantity=units, parcel=SimpleNamespace(delivered_at=at(moment) if moment else None))
        for units, moment in shipped
    ]
    return SimpleNamespace(
        quantity=quantity, legal_type=legal_type, needs_shipping=needs_shipping, refunded_quantity=refunded,
        parcel_lines=SimpleNamespace(all=lambda: rows),
    )  # fmt: skip


def order_of(*lines, paid="2026-11-02 10:00"):
    rows = SimpleNamespace(all=lambda: list(lines))
    return SimpleNamespace(lines=rows, paid_at=at(paid), placed_at=at(paid), origin_id=None)


OPEN, NONE = Right(exists=True), Right(exists=False)
EARLY, LATE = "2026-11-02 10:00", "2026-11-05 10:00"


@pytest.mark.parametrize(
    ("lines", "right"),
    [
        ([line(shipped=[(1, EARLY)])], Right(exists=True, last_day=date(2026, 11, 16))),
        ([line()], OPEN),
        ([line(shipped=[(1, None)])], OPEN),
        ([line(2, shipped=[(1, EARLY), (1, LATE)])], Right(exists=True, last_day=date(2026, 11, 19))),
        ([line(2, shipped=[(1, EARLY), (1, None)])], OPEN),
        ([line(2, shipped=[(1, EARLY)])], OPEN),
        ([line(2, shipped=[(1, EARLY)], refunded=1)], Right(exists=True, last_day=date(2026, 11, 16))),
        (
            [line(shipped=[(1, EARLY)]), line(shipped=[(1, LATE)])],
            Right(exists=True, last_day=date(2026, 11, 19)),
        ),
        ([line(shipped=[(1, EARLY)]), line()], OPEN),
        ([line(shipped=[(1, EARLY)]), line(refunded=1)], Right(exists=True, last_day=date(2026, 11, 16))),
        ([line(legal_type="custom")], NONE),
        ([line(legal_type="perishable", shipped=[(1, EARLY)])], NONE),
        ([line(legal_type="sealed", shipped=[(1, EARLY)])], Right(exists=True, last_day=date(2026, 11, 16))),
        ([line(legal_type="media")], OPEN),
        (
            [line(legal_type="custom"), line(shipped=[(1, LATE)])],
            Right(exists=True, last_day=date(2026, 11, 19)),
        ),
        ([line(refunded=1)], NONE),
        ([line(needs_shipping=False)], Right(exists=True, last_day=date(2026, 11, 16))),
        (
            [line(needs_shipping=False), line(shipped=[(1, LATE)])],
            Right(exists=True, last_day=date(2026, 11, 19)),
        ),
        ([], NONE),
    ],
)
def test_deadline_counts_from_the_last_thing_received(lines, right):
    assert withdrawal.deadline(order_of(*lines)) == right


def test_deadline_of_a_real_order_begins_with_its_delivery():
    from store import fulfilment

    order = letters.paid()
    letters.sent(order)
    assert withdrawal.deadline(Order.objects.get(pk=order.pk)) == OPEN
    fulfilment.deliver(order)
    delivered = Order.objects.get(pk=order.pk)
    assert withdrawal.deadline(delivered).last_day == withdrawal.last_day(timezone.now())


def test_declare_stores_moment_and_digest():
    row = withdrawal.declare(factories.open_shop(), SAID, uuid.uuid4())
    stored = Withdrawal.objects.get()
    assert stored.received_at.tzinfo is not None
    assert stored.digest == row.digest == hashlib.sha256(withdrawal.content(stored).encode()).hexdigest()
    assert withdrawal.content(stored) == (
        f"received: {stored.received_at.astimezone(UTC).isoformat(timespec='microseconds')}\n"
        "name: Léa Martin\ncontract: ABCD2345\nemail: lea@example.org\nwords: le bol\nseulement\n"
    )


def test_declare_twice_with_one_token_is_one_row(work):
    shop, token = factories.open_shop(), uuid.uuid4()
    first, second = withdrawal.declare(shop, SAID, token), withdrawal.declare(shop, SAID, token)
    assert first.pk == second.pk
    work()
    assert len([message for message in outgoing.outbox if message.to == [SAID.email]]) == 1


def test_declare_other_words_under_a_used_token_loses_and_shows_nothing():
    shop, token = factories.open_shop(), uuid.uuid4()
    first = withdrawal.declare(shop, SAID, token)
    other = withdrawal.declare(shop, Statement("Eve", "eve@example.org", "X"), token)
    assert (other.name, other.pk != first.pk) == ("Eve", True)
    assert Withdrawal.objects.count() == 2


def test_match_finds_the_order_by_its_number_and_notes_it_once():
    order = letters.paid()
    said = Statement("Léa", "elsewhere@example.org", f"commande {order.number.lower()}")
    row = withdrawal.declare(order.shop, said, uuid.uuid4())
    assert withdrawal.match(row) == order
    assert withdrawal.match(Withdrawal.objects.get()) == order
    (event,) = order.events.filter(kind="withdrawal")
    assert event.data == {"withdrawal": row.pk, "same_email": False}


def test_match_by_mail_only_where_one_order_can_be_meant():
    order = letters.paid()
    row = withdrawal.declare(order.shop, Statement("Léa", "LEA@example.org", "the bowl"), uuid.uuid4())
    assert withdrawal.match(row) == order
    letters.paid()
    other = withdrawal.declare(order.shop, Statement("Léa", "lea@example.org", "the glass"), uuid.uuid4())
    assert withdrawal.match(other) is None


def test_receipt_carries_the_statement_both_times_and_the_digest():
    row = withdrawal.declare(factories.open_shop(), SAID, uuid.uuid4())
    withdrawal.send_receipt(row.pk)
    withdrawal.send_receipt(row.pk)
    receipt, notice = outgoing.outbox
    assert (receipt.to, notice.to) == ([SAID.email], ["anne@essai.example"])
    paris = row.received_at.astimezone(withdrawal.PARIS)
    for text in (receipt.body, letters.html(receipt)):
        assert row.digest in text
        assert f"{paris:%H:%M:%S}" in text
        assert f"{row.received_at:%Y-%m-%d %H:%M:%S} UTC" in text
        assert "ABCD2345" in text
    file = receipt.attachments[0]
    content = file.content.encode() if isinstance(file.content, str) else file.content
    assert hashlib.sha256(content).hexdigest() == row.digest


def test_receipt_goes_later_when_mail_is_down(monkeypatch):
    row = withdrawal.declare(factories.open_shop(), SAID, uuid.uuid4())
    Withdrawal.objects.update(received_at=timezone.now() - timedelta(hours=2))
    with monkeypatch.context() as patch:
        patch.setattr(EmailMultiAlternatives, "send", _refuse)
        with pytest.raises(OSError, match="down"):
            withdrawal.send_receipt(row.pk)
        mail.catch_up()
    assert Withdrawal.objects.get().receipt_sent_at is None
    mail.catch_up()
    mail.catch_up()
    assert [message.to for message in outgoing.outbox] == [[SAID.email], ["anne@essai.example"]]


def _refuse(*_args, **_kwargs):
    raise OSError("down")


# --- The pages -----------------------------------------------------------------------------------


def url() -> str:
    with translation.override("en"):
        return reverse("store:withdraw")


def token_in(response) -> str:
    found = re.search(rb'name="token" value="([0-9a-f-]{36})"', response.content)
    assert found
    return found[1].decode()


def declare(client: Client, typed=None, token: str | None = None):
    """Both steps, as a browser without JavaScript takes them."""
    typed = typed or TYPED
    token = token or token_in(client.post(url(), typed))
    return client.post(url(), {**typed, "token": token, "confirm": "1"})


def test_two_steps_without_login_store_and_acknowledge(client, work):
    factories.open_shop()
    assert client.get(url()).status_code == 200
    review = client.post(url(), TYPED)
    assert b"Confirm the withdrawal" in review.content
    assert not Withdrawal.objects.exists()

    received = declare(client)
    row = Withdrawal.objects.get()
    assert received.status_code == 200
    assert row.digest in received.content.decode()
    assert (row.name, row.contract, row.email, row.words, row.locale) == (
        "Léa Martin", "ABCD2345", "lea@example.org", "le bol", "en",
    )  # fmt: skip
    work()
    assert outgoing.outbox[0].to == ["lea@example.org"]


def test_answer_is_the_same_whether_the_order_exists_or_not(client):
    order = letters.paid()

    def answer(number: str) -> str:
        text = declare(client, {**TYPED, "contract": number}).content.decode()
        text = re.sub(r"[0-9a-f]{64}|\d{4}-\d\d-\d\dT[^\"]+|\d\d:\d\d:\d\d", "*", text)
        return text.replace(number, "NUMBER")

    assert answer(order.number) == answer("ZZZZ9999")


def test_double_click_is_one_row(client):
    factories.open_shop()
    token = token_in(client.post(url(), TYPED))
    first, second = declare(client, token=token), declare(client, token=token)
    assert (first.status_code, second.status_code, Withdrawal.objects.count()) == (200, 200, 1)


def test_excluded_products_are_declared_all_the_same(client, work):
    product = factories.product(legal_type="custom")
    order = letters.paid(cart=factories.basket(factories.goods(product).offer))
    assert withdrawal.deadline(order) == NONE
    declare(client, {**TYPED, "contract": order.number})
    work()
    assert Withdrawal.objects.get().order == order


def test_missing_words_are_asked_for_and_nothing_typed_is_lost(client):
    factories.open_shop()
    response = client.post(url(), {**TYPED, "email": "lea", "confirm": "1"})
    assert response.status_code == 422
    assert 'value="ABCD2345"' in response.content.decode()
    assert not Withdrawal.objects.exists()


def test_statement_can_be_changed_before_it_is_confirmed(client):
    factories.open_shop()
    response = client.post(url(), {**TYPED, "change": "1"})
    assert response.status_code == 200
    assert 'value="Léa Martin"' in response.content.decode()


def test_confirming_without_a_token_shows_the_last_step_again(client):
    factories.open_shop()
    response = client.post(url(), {**TYPED, "confirm": "1", "token": "x"})
    assert response.status_code == 200
    assert not Withdrawal.objects.exists()


def test_order_page_fills_the_form_by_its_signed_link(client):
    order = letters.paid()
    page = client.get(url(), {"order": links.sign(order)}).content.decode()
    assert order.number in page
    assert order.email in page
    assert order.number not in client.get(url(), {"order": order.number}).content.decode()


def waiting_receipts() -> list[bool]:
    """For each receipt that has yet to go, whether it goes later; those that go at once first."""
    tasks = OxTask.objects.filter(task_path="store.tasks.receipt_of_withdrawal", status=OxTask.Status.READY)
    return sorted(bool(row.run_after and row.run_after > timezone.now()) for row in tasks)


def test_statements_are_limited_by_network_address(client, monkeypatch):
    monkeypatch.setattr(withdraw, "PER_ADDRESS", 3)
    factories.open_shop()
    for number in range(3):
        assert declare(client, {**TYPED, "email": f"lea{number}@example.org"}).status_code == 200
    refused = declare(client, {**TYPED, "words": "7"})
    assert refused.status_code == 429
    assert "anne@essai.example" in refused.content.decode()
    assert Withdrawal.objects.count() == 3


def test_nobody_closes_the_function_to_the_owner_of_an_address(client):
    """What strangers declare in a buyer's name puts off receipts to that address, and refuses no statement."""
    order = letters.paid()
    for number in range(withdraw.PER_MAIL):
        stranger = Client(REMOTE_ADDR=f"192.0.2.{number}")
        declare(stranger, {**TYPED, "email": order.email, "words": str(number)})
    received = declare(client, {**TYPED, "email": order.email, "contract": order.number})
    row = Withdrawal.objects.latest("pk")
    assert (received.status_code, row.contract) == (200, order.number)
    assert row.digest in received.content.decode()
    assert waiting_receipts() == [False, False, False, True]


@pytest.mark.parametrize(
    ("paid", "email", "later"), [(True, "", False), (False, "", True), (True, "eve@example.org", True)]
)
def test_signed_link_of_a_paid_order_brings_its_buyer_the_receipt_at_once(client, monkeypatch, paid, email, later):
    monkeypatch.setattr(withdraw, "PER_MAIL", 0)
    order = letters.paid() if paid else factories.order()
    page = client.get(url(), {"order": links.sign(order)}).content.decode()
    assert links.sign(order).split(".")[0] in page
    declare(client, {**TYPED, "email": email or order.email, "order": links.sign(order)})
    assert waiting_receipts() == [later]


def test_link_outlives_the_step_between(client):
    order = letters.paid()
    signed = links.sign(order)
    review = client.post(url(), {**TYPED, "order": signed}).content.decode()
    assert f'name="order" value="{signed}"' in review


def test_owner_is_not_flooded_by_what_strangers_declare(monkeypatch):
    monkeypatch.setattr(mail, "NOTICES", 1)
    order = letters.paid()
    outgoing.outbox.clear()
    for number in range(3):
        said = Statement("Eve", f"eve{number}@example.org", "ZZZZ9999")
        withdrawal.send_receipt(withdrawal.declare(order.shop, said, uuid.uuid4()).pk)
    said = Statement(order.name, order.email, order.number)
    withdrawal.send_receipt(withdrawal.declare(order.shop, said, uuid.uuid4()).pk)
    assert [message.to[0] for message in outgoing.outbox if message.to == [order.shop.email]] == [order.shop.email] * 2
    assert order.number in outgoing.outbox[-1].body


def test_many_strangers_get_their_receipts_later_and_buyers_at_once(client, monkeypatch, work):
    """Nobody makes the shop send words of theirs to addresses that never bought here."""
    monkeypatch.setattr(withdraw, "STRANGERS", 2)
    order = letters.paid()
    for number in range(4):
        declare(client, {**TYPED, "email": f"nobody{number}@example.org"})
    declare(client, {**TYPED, "email": order.email, "contract": order.number})
    work()
    Withdrawal.objects.update(received_at=timezone.now() - 2 * mail.LATE)
    mail.catch_up()

    rows = Withdrawal.objects.order_by("pk").values_list("email", "receipt_sent_at")
    assert [email for email, sent in rows if sent] == ["nobody0@example.org", "nobody1@example.org", order.email]
    assert Withdrawal.objects.count() == 5
    waiting = OxTask.objects.filter(task_path="store.tasks.receipt_of_withdrawal", status=OxTask.Status.READY)
    assert [row.run_after > timezone.now() for row in waiting] == [True, True]


def test_form_needs_its_token_and_is_never_stored():
    factories.open_shop()
    strict = Client(enforce_csrf_checks=True)
    page = strict.get(url())
    assert (page["Cache-Control"].count("no-store"), page["Referrer-Policy"]) == (1, "same-origin")
    assert strict.post(url(), TYPED).status_code == 403


def test_paper_form_is_public_pdf(client):
    factories.open_shop()
    response = client.get(reverse("store:withdraw-form"))
    assert response["Content-Type"] == "application/pdf"
    assert response["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert not response.cookies
