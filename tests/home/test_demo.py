"""The demo shop: complete, in order with itself and with the stand-in, and safe to play with."""

import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import Sum
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone
from django_ox.models import OxTask
from wagtail.models import Page, ReferenceIndex

from core.models import Photo, Shop
from events import coaching_verify as of_hours
from events.models import DayException
from home import demo_letters, demo_load
from home import desk as desks
from home.demo_load import club, house
from home.demo_load.texts import FOLDER
from members import verify as of_the_club
from members.models import Introduction, Membership, Profile, User
from store import gateway, opening, reconciling, refunds, stock, verify
from store.models import (
    Attempt,
    Hold,
    MailSent,
    Offer,
    Order,
    OrderLine,
    Product,
    Stock,
    StockMove,
    Subscription,
    Withdrawal,
)
from tests.rig.standin import Standin


@pytest.fixture(scope="module")
def _loaded(django_db_setup: None, django_db_blocker: Any, _standin: Standin) -> Iterator[None]:
    """Load once for all tests of this module, in a transaction that is thrown away."""
    addresses = {"STRIPE_API_BASE": _standin.base, "SANDBOX_ORIGIN": _standin.origin}
    _standin.control("POST", "reset")
    with django_db_blocker.unblock(), override_settings(**addresses):
        gateway.client.cache_clear()
        with transaction.atomic():
            demo_load.start_over(lambda _line: None)
            yield
            transaction.set_rollback(True)
    gateway.client.cache_clear()


@pytest.fixture
def demo(_loaded: None, db: None) -> Shop:
    """The demo shop with all it holds; what a test changes is undone."""
    return Shop.objects.current()


def past() -> Any:
    """The orders of the files, without those of the club."""
    return Order.objects.filter(lines__subscription=None).distinct()


def test_load_makes_an_open_shop_with_all_that_the_files_tell(demo: Shop) -> None:
    assert opening.missing(demo) == []
    assert [product.code for product in Product.objects.all() if opening.may_go_live(product)] == []
    assert Product.objects.count() == len(list((FOLDER / "products").glob("*.toml"))) == 15
    assert Counter(past().exclude(total=0).values_list("state", flat=True)) == {
        "delivered": 26, "paid": 4, "shipped": 2, "refunded": 2, "cancelled": 2, "lapsed": 2, "placed": 1, "pending": 1,
    }  # fmt: skip
    pages = Page.objects.live().exclude(depth=1).values_list("locale__language_code", "content_type__model")
    assert Counter(pages) == {
        ("fr", "homepage"): 1, ("fr", "journalpage"): 1, ("fr", "shoppage"): 1, ("fr", "categorypage"): 4,
        ("fr", "productpage"): 15, ("fr", "articlepage"): 9, ("fr", "standardpage"): 2,
        ("en", "homepage"): 1, ("en", "journalpage"): 1, ("en", "shoppage"): 1, ("en", "categorypage"): 4,
        ("en", "productpage"): 5, ("en", "articlepage"): 2, ("en", "standardpage"): 2,
        **{(code, kind): count for code in ("fr", "en") for kind, count in (("clubpage", 1), ("eventindexpage", 1), ("eventpage", 6), ("servicepage", 2))},
    }  # fmt: skip


def test_one_payment_is_on_its_way(demo: Shop) -> None:
    """A debit that the bank has announced: its units are held, and asking Stripe again changes nothing."""
    order = Order.objects.get(state=Order.State.PENDING)

    reconciling.run(everything=True)

    order.refresh_from_db()
    assert order.state == Order.State.PENDING
    assert order.attempts.get().state == Attempt.State.COMPLETE
    assert {hold.state for hold in Hold.objects.filter(line__order=order)} == {Hold.State.RESERVED}
    assert timezone.now() - order.placed_at > timedelta(days=5)


def test_desk_shows_nine_things_of_the_shop_and_the_awkward_one_first(demo: Shop) -> None:
    rows = desks.todo(demo, house.owner_account())

    kinds = [row.kind for row in rows if row.kind != "coaching"]
    assert kinds == ["stuck", "withdrawal", "note", "note", "soon", "pack", "pickup", "waiting", "low"]


def test_hours_are_told_in_an_article_and_somebody_comes_today(demo: Shop) -> None:
    article = Page.objects.get(slug="la-demi-heure").specific
    names = {block.block_type for block in article.body}
    now = timezone.localtime()

    rows = [row for row in desks.todo(demo, house.owner_account()) if row.kind == "coaching"]

    assert "service" in names
    assert len(rows) == 1 or (now.hour >= 22 and not rows)  # nobody calls when the day has no hour left
    assert not DayException.objects.exists()
    assert [name for name, find in of_hours.INVARIANTS if list(find())] == []


def test_one_article_sells_a_third_and_one_sells_nothing(demo: Shop) -> None:
    paid = OrderLine.objects.filter(order__paid_at__isnull=False)
    whole = paid.aggregate(sum=Sum("amount"))["sum"]
    keys = dict(
        Page.objects.filter(slug__in=["culotter-une-poele", "avant-de-vous-vendre"]).values_list(
            "slug", "translation_key"
        )
    )

    best = paid.filter(source_key=keys["culotter-une-poele"]).aggregate(sum=Sum("amount"))["sum"]

    assert 0.30 < best / whole < 0.37
    assert paid.filter(source_key=keys["avant-de-vous-vendre"]).count() == 0


def test_shelves_hold_what_the_files_call_free(demo: Shop) -> None:
    rows = [tomllib.loads(path.read_text()) for path in (FOLDER / "products").glob("*.toml")]
    wanted = {variant["sku"]: variant["stock"] for row in rows for variant in row["variants"]}

    free = {}
    for pool in Stock.objects.exclude(offers__goods=None).prefetch_related("offers__goods"):
        assert pool.on_hand == pool.moves.aggregate(sum=Sum("quantity"))["sum"], pool
        free[pool.offers.get().goods.code] = Stock.objects.left([pool.pk])[pool.pk].free

    assert free == wanted


def test_every_paid_order_has_its_payment_its_mails_and_its_moves(demo: Shop) -> None:
    for order in past().with_money().exclude(total=0):
        assert order.payments.get().amount == order.total, order
        assert order.payments.get().refunded == order.refunded, order
        assert MailSent.objects.filter(order=order, key="receipt").exists(), order
        assert order.attempts.get().state == Attempt.State.SETTLED, order
        for sent in order.parcels.exclude(shipped_at=None):
            for row in sent.lines.all():
                key = f"ship:{row.pk}:{row.line.offer.stocks.get().pk}"
                assert StockMove.objects.get(effect_key=key).quantity == -row.quantity
    kept = Hold.objects.filter(state=Hold.State.KEPT).values_list("line__order__state", flat=True)
    assert set(kept) == {"paid"}


def test_past_lies_in_the_past_and_each_move_follows_the_last(demo: Shop) -> None:
    for order in Order.objects.all():
        events = list(order.events.all())
        state = Order.State.PLACED
        for event in events:
            if "from" in event.data:
                assert (event.data["from"], event.kind in Order.MOVES[state]) == (state, True), order
                state = Order.State(event.kind)
        assert (events[0].kind, state) == ("placed", order.state), order
        assert events[-1].at <= timezone.now(), order


def test_verify_finds_nothing(demo: Shop) -> None:
    assert {check.name: check.breaches for check in verify.checks() if check.breaches} == {}


def test_owner_refunds_a_past_order_at_stripe(demo: Shop) -> None:
    order = Order.objects.filter(state=Order.State.DELIVERED, refunded=0).earliest("placed_at")

    refund = refunds.start(order, refunds.everything(order), by=house.owner_account())
    assert refund is not None
    sent = refunds.send(refund.pk)

    assert sent.state == "succeeded"
    assert gateway.amount_refunded(order.payments.get().intent_id or "") == order.total


def test_reconcile_has_nothing_to_repair(demo: Shop) -> None:
    result = reconciling.run(everything=True)

    assert (result.repaired, result.unknown) == (0, 0)


def test_visitors_tasks_pass_before_those_of_the_load(demo: Shop) -> None:
    waiting = OxTask.objects.exclude(task_path="store.tasks.ask").values_list("priority", flat=True)

    assert set(waiting) == {-50}


def test_second_load_changes_nothing(demo: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    before = list(Page.objects.order_by("pk").values_list("pk", "title"))

    call_command("load_demo")

    assert list(Page.objects.order_by("pk").values_list("pk", "title")) == before
    assert "nothing loaded" in capsys.readouterr().out


def test_all_pages_answer_alike_to_everybody(demo: Shop, client: Client) -> None:
    for page in Page.objects.live().exclude(depth=1).specific():
        first, second = client.get(page.url), Client().get(page.url)
        assert (first.status_code, first.cookies) == (200, {}), page.url
        assert first.content == second.content, page.url
        assert b"data-demo=" in first.content


@pytest.mark.parametrize("address", ["/boutique/burette-de-cuivre/", "/en/shop/copper-oil-can/"])
def test_what_is_gone_names_what_took_its_place(demo: Shop, client: Client, address: str) -> None:
    response = client.get(address)

    assert response.status_code == 410
    assert b'data-offer-group="product-' in response.content


def test_articles_are_known_to_name_what_they_sell(demo: Shop) -> None:
    pan = Page.objects.get(slug="poele-tole-acier").specific

    told = ReferenceIndex.get_references_to(pan).values_list("object_id", flat=True)

    titles = set(Page.objects.filter(pk__in=list(told)).values_list("slug", flat=True))
    assert "culotter-une-poele" in titles


def test_withdrawals_carry_their_digest_and_order(demo: Shop) -> None:
    rows = list(Withdrawal.objects.order_by("received_at"))

    assert [bool(row.answered_at) for row in rows] == [True, False]
    assert all(row.order and row.order.number == row.contract for row in rows)


def test_strip_enters_as_reader_and_comes_back(demo: Shop, client: Client) -> None:
    response = client.post("/_demo/enter/", {"role": "reader", "next": "/boutique/"})

    assert response.headers["Location"] == "/boutique/"
    assert client.get("/me/").json()["name"] == "Agathe"


def test_strip_enters_as_owner_at_the_desk(demo: Shop, client: Client, settings: Any) -> None:
    settings.STAFF_SECOND_FACTOR = False

    response = client.post("/_demo/enter/", {"role": "owner"}, follow=True)

    assert (response.status_code, response.redirect_chain) == (200, [("/cms/", 302)])


@pytest.mark.parametrize("next_page", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_strip_leads_nowhere_else(demo: Shop, client: Client, next_page: str) -> None:
    response = client.post("/_demo/enter/", {"role": "reader", "next": next_page})

    assert response.headers["Location"] == "/"


def test_strip_asks_for_a_token(demo: Shop) -> None:
    strict = Client(enforce_csrf_checks=True)

    assert strict.post("/_demo/enter/", {"role": "owner"}).status_code == 403


@pytest.mark.parametrize("name", ["enter", "last-one", "start-over"])
def test_strip_acts_in_the_demo_only(demo: Shop, client: Client, settings: Any, name: str) -> None:
    settings.DEMO = False

    assert client.post(f"/_demo/{name}/", {"role": "owner"}).status_code == 404
    assert "_auth_user_id" not in client.session


def test_strip_leaves_one_unit(demo: Shop, client: Client) -> None:
    offers = list(Offer.objects.filter(goods__product__code="poele").values_list("pk", flat=True))

    client.post("/_demo/last-one/", {"offers": ",".join(map(str, offers)), "next": "/"})

    pools = list(Stock.objects.filter(offers__in=offers).values_list("pk", flat=True))
    assert [left.free for left in Stock.objects.left(pools).values()] == [1, 1, 1, 1]
    told = client.get("/live/", {"o": str(offers[0]), "l": "fr"}).json()["offers"][str(offers[0])]
    assert (told["state"], told["max"]) == ("last", 1)


def test_strip_is_a_fragment_for_its_script_and_a_page_without(demo: Shop, client: Client) -> None:
    fragment = client.get("/_demo/strip/?o=3,x,3&next=/en/", headers={"X-Fragment": "1"})
    page = client.get("/_demo/strip/")

    assert b"<html" not in fragment.content
    assert b'name="offers" value="3"' in fragment.content
    assert b"<html" in page.content
    assert fragment.headers["Cache-Control"] == page.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("address", "french", "english"),
    [
        ("strip/", "Entrer comme lecteur", "Enter as a reader"),
        ("mailbox/", "Boîte aux lettres", "Mailbox"),
        ("mailbox/one-1/", "En texte simple", "As plain text"),
    ],
)
def test_pages_speak_the_language_of_their_path(
    demo: Shop, client: Client, mail: EmailMessage, address: str, french: str, english: str
) -> None:
    """Both know of each other, and nothing of the one is in the other."""
    pages = {prefix: client.get(f"{prefix}/_demo/{address}").content.decode() for prefix in ("", "/en")}

    assert (french in pages[""], english in pages[""]) == (True, False)
    assert (french in pages["/en"], english in pages["/en"]) == (False, True)
    assert 'lang="en"' in pages["/en"].partition(">")[2][:100]
    assert f'href="/en/_demo/{address}"' in pages[""]
    assert f'href="/_demo/{address}"' in pages["/en"]


def test_strip_of_an_english_page_stays_in_english(demo: Shop, client: Client) -> None:
    page = client.get("/en/").content.decode()
    strip = client.get("/en/_demo/strip/?next=https://evil.example/", headers={"X-Fragment": "1"}).content.decode()

    assert 'data-demo="/en/_demo/strip/"' in page
    for name in ("enter/", "start-over/", "mailbox/"):
        assert f'"/en/_demo/{name}"' in strip
    assert 'name="next" value="/en/"' in strip
    assert client.post("/en/_demo/enter/", {"role": "reader"}).headers["Location"] == "/en/"


def test_start_over_undoes_what_was_played(demo: Shop, client: Client) -> None:
    pool = Stock.objects.get(name="Champignon à repriser (Hêtre)")
    stock.count(pool, 1)
    Page.objects.get(slug="culotter-une-poele").specific.delete()
    photos = set(Photo.objects.values_list("pk", flat=True))

    response = client.post("/en/_demo/start-over/")

    assert response.headers["Location"] == "/en/"
    assert Stock.objects.get(name="Champignon à repriser (Hêtre)").on_hand == 19
    assert Page.objects.filter(slug="culotter-une-poele", live=True).exists()
    assert past().exclude(total=0).count() == 40
    assert set(Photo.objects.values_list("pk", flat=True)) == photos


def test_blank_shop_is_closed_until_it_is_filled_in(demo: Shop, client: Client) -> None:
    demo_load.erase.everything()

    email = demo_load.blank(lambda _line: None)

    shop = Shop.objects.current()
    assert opening.missing(shop)
    owner = house.owner_account()
    assert owner is not None
    assert owner.email == email
    assert owner.check_password(house.PASSWORD)
    for address in ("/", "/en/", "/journal/", "/en/journal/", "/boutique/", "/en/shop/"):
        assert client.get(address).status_code == 200, address


@pytest.fixture
def mail(settings: Any, tmp_path: Path) -> EmailMessage:
    """One mail in the demo's mailbox, as Django's backend writes it."""
    settings.MAILBOX = tmp_path
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = "Votre reçu", "Essai <boutique@example.org>", "lea@example.org"
    message["Date"], message["Content-Language"] = "Sun, 22 Nov 2026 10:00:00 +0000", "fr"
    message.set_content("Bonjour")
    message.add_alternative("<html><head></head><body><p>Bonjour</p></body></html>", subtype="html")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="conditions.pdf")
    (tmp_path / "one.log").write_bytes(message.as_bytes() + b"\n" + b"-" * 79 + b"\n")
    return message


def test_mailbox_lists_letters_and_says_when_there_is_none(demo: Shop, client: Client, mail: EmailMessage) -> None:
    assert b"one-1" in client.get("/_demo/mailbox/").content

    demo_letters.throw_away()

    page = client.get("/_demo/mailbox/").content
    assert b"one-1" not in page
    assert b'class="empty"' in page


def test_letter_shows_html_in_a_frame_that_runs_nothing(demo: Shop, client: Client, mail: EmailMessage) -> None:
    page = client.get("/_demo/mailbox/one-1/")
    html = client.get("/_demo/mailbox/one-1/html/")

    assert b'src="/_demo/mailbox/one-1/html/"' in page.content
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    policy = html.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "sandbox allow-top-navigation-by-user-activation" in policy
    assert b'<base target="_top">' in html.content


def test_enclosure_is_kept_as_a_file(demo: Shop, client: Client, mail: EmailMessage) -> None:
    response = client.get("/_demo/mailbox/one-1/1/")

    assert response.content == b"%PDF"
    assert response.headers["Content-Disposition"] == 'attachment; filename="conditions.pdf"'


@pytest.mark.parametrize("address", ["none/", "none/html/", "one-1/2/"])
def test_unknown_letter_is_not_found(demo: Shop, client: Client, mail: EmailMessage, address: str) -> None:
    assert client.get(f"/_demo/mailbox/{address}").status_code == 404


def test_load_refuses_where_others_can_reach_it(db: None, settings: Any) -> None:
    settings.LOCAL = False

    with pytest.raises(Exception, match="passwords that everybody knows"):
        call_command("load_demo")


def test_club_of_sixty_is_in_order_and_the_strip_enters_it(demo: Shop, client: Client) -> None:
    secret = "arrondis d’un millimètre"
    article = Page.objects.get(slug=club.KEPT, locale__language_code="fr")
    assert Membership.objects.in_force().count() == club.MEMBERS
    paying = Subscription.objects.filter(status=Subscription.Status.ACTIVE, ended_at=None)
    assert sorted(paying.values_list("offer__interval", flat=True)) == sorted(club.RENEWING.values())
    assert paying.filter(user=club.account()).exists()
    assert [check.name for check in of_the_club.checks() if check.breaches] == []
    assert secret not in client.get(article.url).content.decode()

    client.post("/_demo/enter/", {"role": "member", "next": "/"})

    assert secret not in client.get(article.url).content.decode()
    assert secret in client.get(reverse("article-rest", args=[article.pk])).content.decode()


def test_the_circle_of_the_demo_is_alive(demo: Shop) -> None:
    nour = User.objects.get(email=house.MEMBER_EMAIL)
    listed = Profile.objects.listed_for(nour)

    assert Profile.objects.count() == club.MEMBERS
    assert 40 <= listed.count() < club.MEMBERS - 1
    assert Profile.objects.filter(has_portrait=True).count() >= 20
    assert len({tuple(row.shown) for row in Profile.objects.all()}) > 3
    assert sorted(Introduction.objects.of(nour).values_list("state", flat=True)) == [
        "accepted",
        "asked",
        "asked",
        "asked",
    ]
