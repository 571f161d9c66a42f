"""A shop on this machine: database, demo shop, stand-in of Stripe, worker and web server, all on 127.0.0.1."""

import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from comptoir.children import Children, Refused, Stop, require_free, stop_on_signals
from comptoir.steps import (
    MANAGE,
    ROOT,
    is_marked,
    manage,
    mark_of,
    migrations,
    once,
    set_mark,
    static_files,
    timed,
)

PORT, SANDBOX_PORT = 8000, 8001
VAR = Path(os.environ.get("COMPTOIR_VAR") or ROOT / "var")
MEMORY = VAR / "demo.env"
STAMPS = VAR / "stamps"
KEY = "sk_test_comptoir"
CARDS = (
    ("4242 4242 4242 4242", "paid"),
    ("4000 0000 0000 0002", "declined"),
    ("4000 0025 0000 3155", "3-D Secure"),
)
THREADS = "8"


def run(rest: list[str]) -> int:
    """`./comptoir demo`: until Ctrl-C."""
    return _serve(rest, developing=False)


def develop(rest: list[str]) -> int:
    """`./comptoir dev`: the same shop, reloading code, templates and styles."""
    return _serve(rest, developing=True)


def _serve(rest: list[str], *, developing: bool) -> int:
    unknown = set(rest) - {"--fresh", "--empty"}
    if unknown:
        raise Refused(f"unknown: {' '.join(sorted(unknown))} (there are --fresh and --empty).")
    web, sandbox = _port("PORT", PORT), _port("SANDBOX_PORT", SANDBOX_PORT)
    require_free(web, "PORT")
    require_free(sandbox, "SANDBOX_PORT")
    begun = time.monotonic()
    env = environment(web, sandbox, developing=developing)
    if "--fresh" in rest or (STAMPS / "loading").exists():
        forget(env)
    children = Children(VAR / "log", env)
    stop_on_signals()
    try:
        prepare(env, developing=developing)
        start(children, env, web, sandbox, empty="--empty" in rest, developing=developing)
        greet(web, time.monotonic() - begun)
        _watch(children, developing=developing)
    except Stop:
        print("\nStopping.", flush=True)
    finally:
        children.stop_all()
    return 0


def _port(name: str, default: int) -> int:
    value = os.environ.get(name) or str(default)
    if not value.isdigit() or not 0 < int(value) < 65536:
        raise Refused(f"{name} must be a port number, not {value!r}.")
    return int(value)


def environment(web: int, sandbox: int, *, developing: bool = False) -> dict[str, str]:
    """What the shop's processes are told."""
    memory = remembered()
    return {
        **os.environ,
        "DEMO": "1",
        "DEBUG": "1" if developing else "0",
        "COMPTOIR_VAR": str(VAR),
        "BASE_URL": f"http://127.0.0.1:{web}",
        "STRIPE_SECRET_KEY": KEY,
        "STRIPE_PUBLISHABLE_KEY": "pk_test_comptoir",
        "STRIPE_API_BASE": f"http://127.0.0.1:{sandbox}",
        "SANDBOX_ORIGIN": f"http://localhost:{sandbox}",
        "STRIPE_WEBHOOK_SECRETS": memory.get("STRIPE_WEBHOOK_SECRETS", ""),
    }


def remembered() -> dict[str, str]:
    """What the demo wrote down for its next start, and for `./comptoir manage`; empty where real keys are set."""
    if "STRIPE_SECRET_KEY" in os.environ or "SECRET_KEY" in os.environ or (ROOT / ".env").exists():
        return {}
    if not MEMORY.exists():
        return {}
    rows = (line.partition("=") for line in MEMORY.read_text().splitlines() if "=" in line)
    return {name: value for name, _equals, value in rows}


def forget(env: dict[str, str]) -> None:
    """Remove what the demo made: its database, pictures, letters and Stripe's side of it."""
    if env.get("DATABASE_URL"):
        raise Refused("--fresh empties the demo's own SQLite file only; empty the database of DATABASE_URL yourself.")
    with timed("Starting over"):
        for pattern in (
            "comptoir.sqlite3*",
            "sandbox.sqlite3*",
            "demo.env",
            "stamps/migrated",
            "stamps/loaded",
        ):
            for file in VAR.glob(pattern):
                file.unlink()
        for folder in ("media", "mailbox"):
            shutil.rmtree(VAR / folder, ignore_errors=True)
    env["STRIPE_WEBHOOK_SECRETS"] = ""


def prepare(env: dict[str, str], *, developing: bool) -> None:
    """Tables and static files."""
    VAR.mkdir(parents=True, exist_ok=True)
    url = env.get("DATABASE_URL", "")
    if not url and not (VAR / "comptoir.sqlite3").exists():
        (STAMPS / "migrated").unlink(missing_ok=True)
        (STAMPS / "loaded").unlink(missing_ok=True)
    once(STAMPS / "migrated", mark_of(migrations(), url), "Database", lambda: manage(env, "migrate", "-v0"))
    if not developing:
        if not (VAR / "static" / "staticfiles.json").exists():
            (STAMPS / "static").unlink(missing_ok=True)
        once(
            STAMPS / "static", mark_of(static_files()), "Static files",
            lambda: manage(env, "collectstatic", "--noinput", "--clear", "-v0"),
        )  # fmt: skip


def start(children: Children, env: dict[str, str], web: int, sandbox: int, *, empty: bool, developing: bool) -> None:
    """Stand-in, demo shop, web server, worker. The web server may need the secret that the stand-in gives."""
    with timed("Stand-in of Stripe"):
        children.start("stand-in", ["-m", "sandbox", "--port", str(sandbox), "--db", str(VAR / "sandbox.sqlite3")])
        children.wait_for(f"http://127.0.0.1:{sandbox}/")
    if not knows_endpoint(env):
        with timed("Webhook endpoint"):
            remember(env, manage(env, "stripe_setup", "--env"))
    children.env = env
    if not is_marked(STAMPS / "loaded", env["BASE_URL"]):
        load(env, empty=empty)
        set_mark(STAMPS / "loaded", env["BASE_URL"])
    with timed("Web server"):
        children.start("web server", web_command(web, developing=developing), shown=developing)
        children.wait_for(f"{env['BASE_URL']}/healthz")
    children.start(
        "task worker",
        [MANAGE, "ox_worker", "--interval", "0.5", "-v", "1" if developing else "0"],
        shown=developing,
    )


def web_command(port: int, *, developing: bool) -> list[str]:
    """Granian with one process and a few threads; Django's own server where code is being changed."""
    if developing:
        return [MANAGE, "runserver", f"127.0.0.1:{port}"]
    return [
        "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1",
        "--blocking-threads", THREADS, "--no-ws", "--log-level", "warning", "comptoir.wsgi:application",
    ]  # fmt: skip


def knows_endpoint(env: dict[str, str]) -> bool:
    """Whether the stand-in still has the endpoint whose secret we remember, for this very address."""
    memory = remembered()
    endpoint, address = memory.get("STRIPE_ENDPOINT", ""), memory.get("BASE_URL")
    if not endpoint or not env["STRIPE_WEBHOOK_SECRETS"] or address != env["BASE_URL"]:
        return False
    url = f"{env['STRIPE_API_BASE']}/v1/webhook_endpoints/{endpoint}"
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {KEY}"})  # noqa: S310 - our own address
    try:
        urllib.request.urlopen(request, timeout=10).close()  # noqa: S310
    except urllib.error.HTTPError:
        return False
    return True


def remember(env: dict[str, str], said: str) -> None:
    """Keep the endpoint's secret, so that a restart needs no new one, and what `./comptoir manage` needs."""
    found = dict(line.split("=", 1) for line in said.splitlines() if line.startswith("STRIPE_"))
    env.update(found)
    names = (
        "DEMO",
        "BASE_URL",
        "STRIPE_SECRET_KEY",
        "STRIPE_PUBLISHABLE_KEY",
        "STRIPE_API_BASE",
        "SANDBOX_ORIGIN",
    )
    kept = {**{name: env[name] for name in names}, **found}
    _keep({**remembered(), **kept})


def _keep(memory: dict[str, str]) -> None:
    MEMORY.write_text("".join(f"{name}={value}\n" for name, value in memory.items()))


def load(env: dict[str, str], *, empty: bool) -> None:
    """The demo shop, or a blank one; where a shop is, only its address follows. What it says is passed on."""
    print(f"  {'Blank shop' if empty else 'Demo shop'}", flush=True)
    command = [sys.executable, MANAGE, "load_demo", *(["--empty"] if empty else [])]
    set_mark(STAMPS / "loading", "begun")
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as loading:  # noqa: S603
        try:
            for line in loading.stdout or ():
                if line.startswith("Owner: "):
                    _keep({**remembered(), "OWNER": line.removeprefix("Owner: ").strip()})
                else:
                    print(f"    {line.rstrip()}", flush=True)
        except Stop:
            loading.kill()
            raise
    if loading.returncode:
        raise Refused("loading the shop failed; the next start begins anew.")
    (STAMPS / "loading").unlink()


def greet(web: int, seconds: float) -> None:
    """What a person needs to begin."""
    cards = "\n".join(f"    {number}   {outcome}" for number, outcome in CARDS)
    print(
        f"""
  Ready in {seconds:.1f} s.

    The shop    http://127.0.0.1:{web}/
    Behind it   http://127.0.0.1:{web}/cms/
    Owner       {remembered().get("OWNER", "")}
    Letters     http://127.0.0.1:{web}/_demo/mailbox/

    Test cards (any future date, any code; no money moves)
{cards}

  Ctrl-C ends it.
""",
        flush=True,
    )


def _watch(children: Children, *, developing: bool) -> None:
    if not developing:
        children.watch()
    seen = newest()
    while True:
        children.check()
        time.sleep(1)
        if (now := newest()) != seen:
            seen = now
            children.stop("task worker")
            children.start("task worker", [MANAGE, "ox_worker", "--interval", "0.5"], shown=True)


def newest() -> float:
    """When our Python code changed last: Django's server reloads itself, the worker is started anew."""
    folders = ("site/comptoir", "site/core", "site/home", "blog", "store", "members", "events")
    files = (file for folder in folders for file in (ROOT / folder).rglob("*.py"))
    return max(file.stat().st_mtime for file in files)
