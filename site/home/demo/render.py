"""Makes the dark drawings and the raster copies from the light SVG files of this folder.

Run it after changing a drawing: `python site/home/demo/render.py [name ...]`.
"""  # noqa: INP001 (a script beside its data, no package)

import re
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).parent
DRAWINGS = HERE / "drawings"
# Pictures with a ground of their own: opaque, one raster copy, no dark variant.
OPAQUE = [HERE / "covers", HERE / "figures"]
LONGEST = {"portrait": 800}
# The four inks on slate. Ink turns to a grey that reads on #1C2225; the greys move up with it.
ON_SLATE = {
    "#15191C": "#7D8A8D",
    "#5D686B": "#98A4A6",
    "#8D999B": "#B2BBBC",
    "#BAC3C4": "#D0D6D5",
    "#DFE4E4": "#ECEEE8",
    "#F4F6F3": "#FBFCF8",
    "#17409A": "#8FB0FF",
    "#102F73": "#5C83E0",
    "#C3222B": "#FF8B85",
    "#891920": "#D65C58",
}
# A detail in ink that lies on a colour stays as dark as the slate itself.
STAYS = "#1C2225"


def main(names: list[str]) -> None:
    drawings = [path for path in sorted(DRAWINGS.glob("*.svg")) if ".dark" not in path.name]
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        for path in drawings:
            if not names or path.stem in names:
                dark = path.with_suffix(".dark.svg")
                dark.write_text(_dark(path.read_text()))
                _shoot_drawing(page, path)
                _shoot_drawing(page, dark)
                _lighten(dark.with_suffix(".png"))
        for path in sorted(path for folder in OPAQUE for path in folder.glob("*.svg")):
            if not names or path.stem in names:
                _shoot_opaque(page, path)
        browser.close()


def _dark(svg: str) -> str:
    """Swap the light inks for the dark ones, element by element."""

    def swap(match: re.Match[str]) -> str:
        element = match.group(0)
        stays = 'class="stay"' in element
        return re.sub(
            "#[0-9A-F]{6}",
            lambda ink: STAYS if stays else ON_SLATE.get(ink.group(0), ink.group(0)),
            element,
        )

    return re.sub(r"<[^>]+>", swap, svg)


def _shoot_drawing(page: Page, path: Path) -> None:
    """A transparent PNG whose longest side is 1200 px."""
    width, height = _size(path)
    scale = LONGEST.get(path.name.split(".")[0], 1200) / max(width, height)
    _show(page, path, round(width * scale), round(height * scale))
    page.screenshot(path=path.with_suffix(".png"), omit_background=True)


def _lighten(path: Path) -> None:
    """The dark copies take a palette: flat inks lose nothing by it, and the file is a third."""
    with Image.open(path) as picture:
        picture.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(path, optimize=True)


def _shoot_opaque(page: Page, path: Path) -> None:
    width, height = _size(path)
    _show(page, path, round(width), round(height))
    page.screenshot(path=path.with_suffix(".jpg"), type="jpeg", quality=82)


def _show(page: Page, path: Path, width: int, height: int) -> None:
    svg = re.sub(r'(<svg[^>]*?) width="[^"]*" height="[^"]*"', r"\1", path.read_text(), count=1)
    page.set_viewport_size({"width": width, "height": height})
    page.set_content(f"<style>*{{margin:0}}svg{{display:block;width:{width}px;height:{height}px}}</style>{svg}")


def _size(path: Path) -> tuple[float, float]:
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', path.read_text())
    if found is None:
        raise ValueError(f"{path.name} has no viewBox that starts at 0 0")
    return float(found.group(1)), float(found.group(2))


if __name__ == "__main__":
    main(sys.argv[1:])
