"""Whole purchases over HTTP: article, recap, order, payment at the stand-in, confirmation."""

import http.cookiejar
import json
import re
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field

FIELD = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
METHOD = re.compile(r'name="method" value="(\d+)"')
ATTRIBUTE = re.compile(r'data-(client-secret|status)="([^"]*)"')
PERSON = {"country": "FR", "name": "Banc d'Essai", "line1": "1 rue du Banc", "postcode": "18100", "city": "Vierzon"}


@dataclass
class Tally:
    """What became of the purchases; seconds from the article to the confirmation."""

    paid: int = 0
    refused: int = 0
    failed: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


class Buyer:
    """One browser without a screen."""

    def __init__(self, base: str, standin: str) -> None:
        self.base, self.standin = base, standin
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(jar)

    def ask(self, path: str, data: dict[str, str] | None = None) -> tuple[int, str]:
        body = urllib.parse.urlencode(data).encode() if data else None
        request = urllib.request.Request(self.base + path, data=body, headers={"X-Fragment": "1"})
        try:
            with self.opener.open(request, timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def buy(self, article: str, offer: int, number: int) -> str:
        """`paid`, `refused` (with a clear word), or what went wrong."""
        self.ask(article)
        path = f"/commande/acheter/?offer={offer}&quantity=1"
        code, recap = self.ask(path)
        if "data-counter-form" not in recap:
            return "refused" if code in {409, 410} else f"recap {code}"
        ways = METHOD.findall(recap)[:1]
        data = {**dict(FIELD.findall(recap)), **PERSON, "email": f"banc{number}@example.org"}
        data |= {"method": ways[0]} if ways else {}
        code, pay = self.ask("/commande/acheter/", data)
        found = dict(ATTRIBUTE.findall(pay))
        if "client-secret" not in found:
            return "refused" if code in {200, 409} and "notice" in pay else f"order {code}"
        session = found["client-secret"].partition("_secret_")[0]
        control = urllib.request.Request(
            f"{self.standin}/_control/sessions/{session}/paid", data=json.dumps({}).encode(), method="POST"
        )
        with urllib.request.urlopen(control, timeout=60):
            pass
        _code, done = self.ask(found["status"])
        return "paid" if 'data-state="paid"' in done else f"status {_code}"


def crowd(base: str, standin: str, article: str, offer: int, clients: int, each: int) -> tuple[Tally, float]:
    """`clients` at once, each buying `each` times; the tally and the seconds it took in all."""
    tally, lock = Tally(), threading.Lock()
    gate = threading.Barrier(clients + 1)

    def run(number: int) -> None:
        gate.wait()
        for turn in range(each):
            begun = time.monotonic()
            try:
                end = Buyer(base, standin).buy(article, offer, number * 1000 + turn)
            except OSError as error:
                end = repr(error)
            with lock:
                tally.seconds.append(time.monotonic() - begun)
                if end == "paid":
                    tally.paid += 1
                elif end == "refused":
                    tally.refused += 1
                else:
                    tally.failed.append(end)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    gate.wait()
    begun = time.monotonic()
    for thread in threads:
        thread.join()
    return tally, time.monotonic() - begun
