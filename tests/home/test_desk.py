"""The admin's first page and menu, as the owner and as a writer see them."""

import json
import re
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from wagtail.models import GroupPagePermission

from core.models import Shop
from home import desk
from home.models import Menu
from members.models import User
from store import fulfilment
from tests import factories
from tests.store.owner.entering import enter

pytestmark = pytest.mark.django_db


def writer() -> User:
    """May write in the journal, and nothing else."""
    journal = factories.journal()
    group = Group.objects.create(name="Plumes")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for codename in ("add_page", "change_page"):
        permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=codename)
        GroupPagePermission.objects.create(group=group, page=journal, permission=permission)
    user = factories.owner(is_superuser=False)
    user.groups.add(group)
    return user


def menu(client: Client) -> dict[str, list[str]]:
    """{name of the entry: names of the entries under it}"""
    page = client.get("/cms/").content.decode()
    found = re.search(r'<script id="wagtail-sidebar-props" type="application/json">(.*?)</script>', page, re.DOTALL)
    assert found
    modules = json.loads(found.group(1))["modules"]
    main = next(module for module in modules if module["_type"] == "wagtail.sidebar.MainMenuModule")
    return {
        item["_args"][0]["name"]: [sub["_args"][0]["name"] for sub in item["_args"][1]]
        if len(item["_args"]) > 1 and isinstance(item["_args"][1], list)
        else []
        for item in main["_args"][0]
    }


def test_first_page_is_the_desk(client: Client, sandbox: Any, work: Any) -> None:
    order = factories.paid(sandbox)
    work()
    enter(client, factories.owner())

    page = client.get("/cms/")

    assert page.status_code == 200
    assert "/cms/shop/orders/?todo=pack" in page.content.decode()
    fulfilment.ship(order.parcels.get())
    assert "owner-rest" in client.get("/cms/").content.decode()


def test_desk_shows_a_writer_no_order(sandbox: Any, work: Any) -> None:
    factories.paid(sandbox)
    work()

    shop = Shop.objects.current()
    assert [row.kind for row in desk.todo(shop, factories.owner())] == ["pack"]
    assert desk.todo(shop, writer()) == []


def test_desk_ranks_across_apps(sandbox: Any, work: Any) -> None:
    order = factories.paid(sandbox)
    work()
    order.call_for("double")

    weights = [row.weight for row in desk.todo(Shop.objects.current(), factories.owner())]
    assert weights == sorted(weights, reverse=True)
    assert len(weights) == 2


def test_menu_has_five_verbs_and_the_rest_folded(client: Client) -> None:
    factories.journal()
    enter(client, factories.owner())

    found = menu(client)

    assert list(found) == ["today", "write", "sell", "receive", "settle", "rest"]
    assert found["write"][:3] == ["journal", "new-article", "pages"]
    assert [name for name in found["sell"] if name.startswith("owner-")] == [
        "owner-orders", "owner-subscriptions", "owner-stock", "owner-sales", "owner-withdrawals", "owner-troubles",
    ]  # fmt: skip
    assert "products" in found["sell"]
    assert found["receive"][0] == "meetings-events"
    assert {"club-tiers", "club-people"} <= set(found["receive"])
    assert found["settle"][:4] == ["owner-shop", "owner-delivery", "owner-vat", "owner-terms"]
    assert {"users", "groups"} <= set(found["settle"])


def test_menu_of_a_writer_has_nothing_to_sell(client: Client) -> None:
    enter(client, writer())

    found = menu(client)

    assert {"sell", "receive"}.isdisjoint(found)
    assert "settle" not in found
    assert "new-article" in found["write"]


def test_menu_in_a_language_exists_once(client: Client) -> None:
    shop = factories.open_shop()
    enter(client, factories.owner())
    data = {
        "locale": factories.locale("fr").pk, "announcement": "", "announcement_link": "", "entries-TOTAL_FORMS": 0,
        "entries-INITIAL_FORMS": 0, "entries-MIN_NUM_FORMS": 0, "entries-MAX_NUM_FORMS": 1000,
    }  # fmt: skip
    first = client.post("/cms/snippets/home/menu/add/", data)
    second = client.post("/cms/snippets/home/menu/add/", data)

    assert (first.status_code, second.status_code) == (302, 200)
    assert Menu.objects.get().shop == shop


def test_owners_screens_bear_the_shops_name_and_icon(client: Client) -> None:
    enter(client, factories.owner())
    factories.open_shop(name="Au Tiers-Point")

    page = client.get("/cms/").content.decode()

    assert '<span class="owner-plate">Au Tiers-Point</span>' in page
    assert re.findall(r"<title>(.*?)</title>", page, re.DOTALL)[0].endswith("- Au Tiers-Point")
    assert '<link rel="icon" href="/favicon.svg"' in page
    assert "wagtailadmin/images/favicon" not in page
