"""The one command: what it refuses, what it remembers, and that its children end with it."""

import io
import os
import socket
import subprocess
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from comptoir import demo, steps
from comptoir.children import Children, Refused, require_free
from tests import factories
from tests.rig.processes import ROOT

SLEEPER = "import subprocess, sys, time; print(subprocess.Popen(['sleep', '60']).pid, flush=True); time.sleep(60)"


def alive(pid: int) -> bool:
    """Runs still; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_an_unknown_verb_is_said_with_the_known_ones() -> None:
    done = subprocess.run([ROOT / "comptoir", "fly"], capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "unknown: fly" in done.stderr
    assert "./comptoir demo" in done.stderr


def test_the_script_is_posix_and_short() -> None:
    assert subprocess.run(["sh", "-n", ROOT / "comptoir"], check=False).returncode == 0
    assert len((ROOT / "comptoir").read_text().splitlines()) < 300


def test_a_taken_port_is_said_plainly() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Refused, match=f"port {port} is taken. Choose another: PORT="):
            require_free(port, "PORT")


@pytest.mark.parametrize("value", ["abc", "0", "70000", "-1"])
def test_a_senseless_port_is_refused(monkeypatch, value: str) -> None:
    monkeypatch.setenv("PORT", value)

    with pytest.raises(Refused, match="PORT must be a port number"):
        demo.run([])


def test_an_unknown_option_is_refused() -> None:
    with pytest.raises(Refused, match="unknown: --frehs"):
        demo.run(["--frehs"])


@pytest.mark.skipif(not Path("/proc").exists(), reason="reads /proc")
def test_children_end_with_their_own_children(tmp_path) -> None:
    children = Children(tmp_path, os.environ)
    children.start("sleeper", ["-c", SLEEPER])
    end = time.monotonic() + 10
    while not (said := children.log("sleeper").read_text().strip()) and time.monotonic() < end:
        time.sleep(0.05)
    child, grandchild = children.running["sleeper"].pid, int(said)
    assert alive(child)
    assert alive(grandchild)

    children.stop_all()

    assert not alive(child)
    while alive(grandchild) and time.monotonic() < end:
        time.sleep(0.05)
    assert not alive(grandchild)


def test_a_child_that_dies_is_named_with_its_last_words(tmp_path) -> None:
    children = Children(tmp_path, os.environ)
    children.start("task worker", ["-c", "raise SystemExit('no more paper')"])

    with pytest.raises(Refused, match=r"the task worker ended \(code 1\)(.|\n)*no more paper"):
        children.watch()


def test_a_step_is_done_once_until_its_mark_changes(tmp_path) -> None:
    done: list[str] = []
    for mark in ("a", "a", "b"):
        steps.once(tmp_path / "stamp", mark, "Something", lambda mark=mark: done.append(mark))

    assert done == ["a", "b"]


def test_a_step_that_fails_is_tried_again(tmp_path) -> None:
    def fail() -> None:
        raise Refused("no")

    with pytest.raises(Refused):
        steps.once(tmp_path / "stamp", "a", "Something", fail)

    assert not steps.is_marked(tmp_path / "stamp", "a")


@pytest.mark.django_db
def test_stripe_setup_makes_one_endpoint_with_our_events(sandbox, settings) -> None:
    from store import gateway

    said = io.StringIO()
    call_command("stripe_setup", env=True, stdout=said)
    again = io.StringIO()
    call_command("stripe_setup", stdout=again)

    rows = dict(line.split("=", 1) for line in said.getvalue().splitlines())
    found = list(gateway.endpoints())
    assert rows["STRIPE_WEBHOOK_SECRETS"].startswith("whsec_")
    assert [row["id"] for row in found] == [rows["STRIPE_ENDPOINT"]]
    assert found[0]["url"] == f"{settings.BASE_URL}/stripe/webhook/"
    assert sorted(found[0]["enabled_events"]) == sorted(gateway.EVENTS)
    assert "is there already." in again.getvalue()


@pytest.mark.django_db
def test_stripe_setup_without_an_answer_says_so(settings) -> None:
    settings.STRIPE_API_BASE = "http://127.0.0.1:1"

    with pytest.raises(CommandError, match="Stripe does not answer"):
        call_command("stripe_setup", stdout=io.StringIO())


@pytest.mark.django_db
def test_verify_ends_with_1_on_a_breach(sandbox) -> None:
    from store.models import Stock

    said = io.StringIO()
    pool = factories.stocked(factories.offer(units=3))
    call_command("verify", stdout=said)
    Stock.objects.filter(pk=pool.pk).update(on_hand=4)

    with pytest.raises(SystemExit) as ended:
        call_command("verify", stdout=said)

    assert ended.value.code == 1
    assert "BROKEN  stock: what is on hand is the sum of the moves" in said.getvalue()


@pytest.mark.django_db
def test_bootstrap_makes_an_owner_who_can_sign_in(monkeypatch) -> None:
    from allauth.account.models import EmailAddress

    from members.models import User

    monkeypatch.setenv("OWNER_PASSWORD", "une-longue-phrase-secrete")
    for _time in range(2):
        call_command("bootstrap", owner="Anne@Shop.example", stdout=io.StringIO())

    owner = User.objects.get()
    assert (owner.email, owner.is_superuser, owner.check_password("une-longue-phrase-secrete")) == (
        "anne@shop.example", True, True,
    )  # fmt: skip
    assert EmailAddress.objects.get().verified is True
