"""Reads the environment, and fails loudly on a value that makes no sense."""

from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parents[2]
env = environ.Env()


def load() -> environ.Env:
    """Read `.env` beside pyproject.toml if there is one; real variables win."""
    dotenv = ROOT / ".env"
    if dotenv.exists():
        env.read_env(dotenv, overwrite=False)
    return env


def origin(name: str, default: str = "") -> str:
    """An address such as https://shop.example, without path and without a slash at the end."""
    value = env.str(name, default=default).rstrip("/")
    parts = urlsplit(value)
    if value and (parts.scheme not in {"http", "https"} or not parts.netloc or parts.path or parts.query):
        raise ImproperlyConfigured(f"{name} must be an origin like https://shop.example, not {value!r}.")
    return value


def flag(name: str, *, default: bool = False) -> bool:
    """1/true/yes/on or 0/false/no/off; anything else is an error, not False."""
    value = env.str(name, default="").strip().lower()
    if value in {"", "1", "true", "yes", "on", "0", "false", "no", "off"}:
        return default if value == "" else value in {"1", "true", "yes", "on"}
    raise ImproperlyConfigured(f"{name} must be true or false, not {value!r}.")


def number(name: str, *, default: int, least: int = 0) -> int:
    """A whole number, not below `least`."""
    value = env.str(name, default="").strip() or str(default)
    if not value.lstrip("-").isdigit() or int(value) < least:
        raise ImproperlyConfigured(f"{name} must be a whole number of at least {least}, not {value!r}.")
    return int(value)


def choice(name: str, allowed: tuple[str, ...]) -> str:
    """One of the allowed words; the first where nothing is said."""
    value = env.str(name, default="").strip() or allowed[0]
    if value not in allowed:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(allowed)}, not {value!r}.")
    return value


def mailers(url: str, box: Path) -> dict[str, dict[str, object]]:
    """Django's MAILERS for an smtp:// address; without one, letters are files in `box`."""
    if not url:
        backend = "django.core.mail.backends.filebased.EmailBackend"
        return {"default": {"BACKEND": backend, "OPTIONS": {"file_path": str(box)}}}
    if urlsplit(url).scheme not in {"smtp", "smtp+tls", "smtp+ssl", "smtps"}:
        raise ImproperlyConfigured("MAIL_URL must be smtp://, smtp+tls:// or smtp+ssl://.")
    found = env.email_url_config(url)
    options = {
        "host": found.get("EMAIL_HOST"),
        "port": found.get("EMAIL_PORT") or 25,
        "username": found.get("EMAIL_HOST_USER") or "",
        "password": found.get("EMAIL_HOST_PASSWORD") or "",
        "use_tls": bool(found.get("EMAIL_USE_TLS")),
        "use_ssl": bool(found.get("EMAIL_USE_SSL")),
        "timeout": 20,
    }
    return {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}}


def database(url: str) -> dict[str, object]:
    """Django's database settings for a sqlite:/// or postgres:// address (see the ADR on SQLite)."""
    config: dict[str, object] = env.db_url_config(url)
    engine = str(config["ENGINE"])
    if engine.endswith("sqlite3"):
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                "PRAGMA mmap_size=134217728; PRAGMA journal_size_limit=27103364; PRAGMA cache_size=-16000;"
            ),
        }
    elif engine.endswith("postgresql"):
        config["OPTIONS"] = {
            "pool": {"min_size": 1, "max_size": number("DATABASE_POOL", default=8, least=1), "timeout": 20}
        }
    else:
        raise ImproperlyConfigured("DATABASE_URL must be sqlite:///… or postgres://….")
    return config
