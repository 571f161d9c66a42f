"""`./comptoir bench`: one Markdown table and one JSON file under var/bench/."""

import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bench import buyers, load
from tests.rig import parts
from tests.rig.postgres import Postgres
from tests.rig.processes import ROOT, free_port

ROUNDS, SECONDS = 3, 4
OUT = ROOT / "var" / "bench"


def wait_for(url: str, seconds: float) -> None:
    """Until the address answers 200."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.3)
    raise RuntimeError(f"{url} does not answer")


@contextmanager
def started(command: list[str], env: dict[str, str], log: Path) -> Iterator[None]:
    """A process and its children for the time of a block."""
    with log.open("wb") as out:
        child = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **env}, stdout=out, stderr=out, start_new_session=True
        )
    try:
        yield
    finally:
        os.killpg(child.pid, signal.SIGTERM)
        child.wait(30)


def offers_of(base: str, page: str) -> list[int]:
    """The offers that a page names."""
    with urllib.request.urlopen(base + page, timeout=30) as answer:
        html = answer.read().decode()
    found = html.split('data-offer="')[1:]
    return sorted({int(part.split('"')[0]) for part in found})


def manage(env: dict[str, str], code: str) -> Any:
    """What a line of Python prints as JSON inside the shop."""
    command = [sys.executable, "site/manage.py", "shell", "-v0", "-c", code]
    said = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **env}, capture_output=True, text=True, check=True
    ).stdout
    return json.loads(said.strip().splitlines()[-1])


PICK = """
import json
from blog.models import ArticlePage
from store.models import *
from store import stock
live = list(ArticlePage.objects.live().filter(locale__language_code="fr"))
article = max(live, key=lambda page: sum(block.block_type in ("produit", "shelf") for block in page.body))
product = ProductPage.objects.live().filter(locale__language_code="fr", product__goods__offer__state="live").first()
offer = product.product.goods.first().offer
Offer.objects.filter(pk=offer.pk).update(max_per_order=100)
for pool in offer.stocks.all():
    stock.adjust(pool, 5000, "received")
print(json.dumps({"article": article.url, "product": product.url, "list": article.get_parent().url, "offer": offer.pk}))
"""


def one_database(name: str, url: str, folder: Path) -> dict[str, Any]:
    """All figures on one database."""
    web, standin, bare = free_port(), free_port(), free_port()
    env = {"COMPTOIR_VAR": str(folder / name), "PORT": str(web), "SANDBOX_PORT": str(standin), "DEMO": "1"}
    env |= {"DATABASE_URL": url} if url else {}
    inside = {**env, "BASE_URL": f"http://127.0.0.1:{web}", "STRIPE_API_BASE": f"http://127.0.0.1:{standin}"}
    base, reference = f"http://127.0.0.1:{web}", f"http://127.0.0.1:{bare}/"
    granian = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "1", "--blocking-threads", "8"]
    bare_command = [*granian, "--port", str(bare), "tests.bench.bare:application"]
    with (
        started([str(ROOT / "comptoir"), "demo"], env, folder / f"{name}.log"),
        started(bare_command, {}, folder / "bare.log"),
    ):
        wait_for(f"{base}/healthz", 400)
        wait_for(reference, 60)
        picked = manage(inside, PICK)
        found = offers_of(base, picked["article"])
        pages = {
            "article": picked["article"],
            "product": picked["product"],
            "list of articles": picked["list"],
            "/live/ of the article's offers": f"/live/?o={','.join(map(str, found))}&l=fr",
        }
        server, bare_server = load.pids(f"--port {web}"), load.pids(f"--port {bare}")
        rows = {label: interleaved(base + page, server, reference, bare_server) for label, page in pages.items()}
        rows["add to basket"] = basket(base, picked["offer"], server)
        standin_base = f"http://127.0.0.1:{standin}"
        tally, seconds = buyers.crowd(base, standin_base, picked["article"], picked["offer"], 20, 4)
        purchases = {
            "paid": tally.paid, "failed": tally.failed, "per_second": round(tally.paid / seconds, 2),
            "p95_s": round(sorted(tally.seconds)[int(0.95 * len(tally.seconds)) - 1], 2),
        }  # fmt: skip
        memory = {"shop_mb": round(load.memory_mb(server)), "bare_mb": round(load.memory_mb(bare_server))}
    return {"rows": rows, "purchases": purchases, "memory": memory}


def interleaved(url: str, server: list[int], reference: str, bare: list[int]) -> dict[str, float]:
    """The page and the reference in turn, three times; medians."""
    load.press(url, server, 1)
    ours, theirs = [], []
    for _round in range(ROUNDS):
        ours.append(load.press(url, server, SECONDS))
        theirs.append(load.press(reference, bare, SECONDS))
    rate = statistics.median(row.rate for row in ours)
    bare_rate = statistics.median(row.rate for row in theirs)
    return {
        "rate": round(rate, 1), "bare_rate": round(bare_rate, 1), "ratio": round(rate / bare_rate, 4),
        "cpu_ms": round(statistics.median(row.cpu_ms for row in ours), 2),
        "bare_cpu_ms": round(statistics.median(row.cpu_ms for row in theirs), 3),
    }  # fmt: skip


def basket(base: str, offer: int, server: list[int]) -> dict[str, float]:
    """One buyer after another puts something in: a token, then the post."""
    count, before, begun = 60, load.cpu_seconds(server), time.monotonic()
    for _turn in range(count):
        buyer = buyers.Buyer(base, "")
        token = json.loads(buyer.ask("/me/")[1])["csrf"]
        code, said = buyer.ask("/panier/ajouter/", {"csrfmiddlewaretoken": token, "offer": str(offer), "quantity": "1"})
        if code != 200:
            raise RuntimeError(said)
    seconds = time.monotonic() - begun
    return {"rate": round(count / seconds, 1), "cpu_ms": round(1000 * (load.cpu_seconds(server) - before) / count, 2)}


def table(results: dict[str, Any]) -> str:
    """The figures for people."""
    lines = ["| database | work | req/s | vs bare Django | CPU ms/request | bare CPU ms |", "|---|---|---|---|---|---|"]
    for name, result in results.items():
        for label, row in result["rows"].items():
            lines.append(
                f"| {name} | {label} | {row['rate']} | {row.get('ratio', '–')} | {row['cpu_ms']} | {row.get('bare_cpu_ms', '–')} |"
            )
        bought = result["purchases"]
        words = f"{bought['paid']} paid, {len(bought['failed'])} failed, p95 {bought['p95_s']} s"
        lines.append(f"| {name} | whole purchases, 20 clients ({words}) | {bought['per_second']} | – | – | – |")
        memory = result["memory"]
        lines.append(
            f"| {name} | memory of the web process: {memory['shop_mb']} MB, bare {memory['bare_mb']} MB | – | – | – | – |"
        )
    return "\n".join(lines) + "\n"


def main() -> None:
    """SQLite, and PostgreSQL where there is one."""
    results: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        results["SQLite"] = one_database("SQLite", "", folder)
        if not any("PostgreSQL" in words for words in parts.require()):
            server = Postgres()
            server.start()
            try:
                results["PostgreSQL"] = one_database("PostgreSQL", server.url, folder)
            finally:
                server.stop()
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "bench.json").write_text(json.dumps(results, indent=2))
    (OUT / "bench.md").write_text(table(results))
    print(table(results))


if __name__ == "__main__":
    main()
