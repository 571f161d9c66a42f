"""What a full run needs beside Python: PostgreSQL and Chromium; installed where we are root and apt is there."""

import os
import shutil
import subprocess
from pathlib import Path

from tests.rig import postgres

BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def chromium() -> str | None:
    """The browser's path: $CHROMIUM, or what is installed."""
    told = os.environ.get("CHROMIUM")
    if told:
        return told if Path(told).exists() else None
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def fetch(*packages: str) -> None:
    """Install Debian packages if we may; says nothing where we may not."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    print(f"Installing {', '.join(packages)} ...", flush=True)
    if subprocess.run(install, env=env, stdin=subprocess.DEVNULL, capture_output=True, check=False).returncode:
        subprocess.run(
            ["apt-get", "update", "-qq"], env=env, stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
        subprocess.run(install, env=env, stdin=subprocess.DEVNULL, capture_output=True, check=False)


def require() -> list[str]:
    """Install what is missing; returns what is missing still, in words."""
    if postgres.binaries() is None:
        fetch("postgresql")
    if chromium() is None:
        fetch("chromium", "fonts-liberation")
    lacking = []
    if postgres.binaries() is None:
        lacking.append("PostgreSQL 15 or newer (apt-get install postgresql)")
    if chromium() is None:
        lacking.append("Chromium (apt-get install chromium, or set CHROMIUM)")
    return lacking
