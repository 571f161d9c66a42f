"""Cut the published fonts down to the files in static/fonts: the only writer of that folder."""

import shutil
import subprocess
import tempfile
from argparse import ArgumentParser
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from fontTools import subset
from fontTools.designspaceLib import DesignSpaceDocument
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph
from fontTools.varLib import build, instancer

LETTERS = (
    " !\"#%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]_abcdefghijklmnopqrstuvwxyz|~"
    "«»°·©®²³½¼¾£§ß¿¡•…€"
    # no-break space, multiplication sign, no-break hyphen, dashes, curly quotes, minus
    "\u00a0\u00d7\u2011\u2013\u2014\u2018\u2019\u201c\u201d\u2212"
    "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿŒœŸ"
)
HAND_LETTERS = (
    " !'(),-./0123456789:;?ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz«»…€"
    "\u00a0\u2013\u2019"
    "ÀÂÇÈÉÊËÎÏÔÙÛÜàâçèéêëîïôùûüœŒ"
)
NARROW_SPACE = 0x202F
NARROW_SPACE_EM = 0.2
BRICOLAGE = "@fontsource-variable/bricolage-grotesque"


@dataclass(frozen=True)
class Cut:
    """One file to write: where it comes from and what is kept of it."""

    target: str
    package: str
    source: str
    letters: str = LETTERS
    features: tuple[str, ...] = ("kern", "liga", "tnum", "lnum", "locl", "ccmp")


CUTS = (
    Cut("spectral.woff2", "@fontsource/spectral", "spectral-{}-400-normal"),
    Cut("spectral-italic.woff2", "@fontsource/spectral", "spectral-{}-400-italic"),
    Cut("spectral-bold.woff2", "@fontsource/spectral", "spectral-{}-600-normal"),
    Cut(
        "playwrite.woff2",
        "@fontsource/playwrite-fr-moderne",
        "playwrite-fr-moderne-{}-400-normal",
        HAND_LETTERS,
        ("calt", "kern", "dist", "ccmp", "mark", "mkmk"),
    ),
    Cut("young-serif.woff2", "@fontsource/young-serif", "young-serif-{}-400-normal"),
    Cut("inria-sans.woff2", "@fontsource/inria-sans", "inria-sans-{}-400-normal"),
    Cut("inria-sans-bold.woff2", "@fontsource/inria-sans", "inria-sans-{}-700-normal"),
)
ZINC = Cut(
    "bricolage.woff2",
    BRICOLAGE,
    "bricolage-grotesque-{}-standard-normal",
    features=("kern", "tnum", "locl", "ccmp"),
)
# The two ends of the one axis that is left: open and sturdy for labels, tight and black for titles.
ZINC_LABEL = {"wght": 600, "wdth": 82, "opsz": 14}
ZINC_TITLE = {"wght": 800, "wdth": 76, "opsz": 96}


class Command(BaseCommand):
    """Write the font files anew, from packages fetched by name or already unpacked."""

    help = "Instance and subset the fonts into static/fonts (needs fonttools, and npm unless --packages)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("target", type=Path, help="the folder static/fonts")
        parser.add_argument("--packages", type=Path, help="a folder laid out as node_modules")

    def handle(self, *args: Any, **options: Any) -> None:
        target: Path = options["target"]
        target.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as folder:
            packages = options["packages"] or _fetch(Path(folder))
            for cut in (ZINC, *CUTS):
                font = _zinc(packages) if cut is ZINC else _subset(_open(packages, cut), cut)
                font.flavor = "woff2"
                font.save(target / cut.target)
                self.stdout.write(f"{cut.target}: {(target / cut.target).stat().st_size} bytes")
            for package in sorted({cut.package for cut in (ZINC, *CUTS)}):
                licence = target / f"OFL-{package.split('/')[1]}.txt"
                shutil.copyfile(packages / package / "LICENSE", licence)


def _fetch(folder: Path) -> Path:
    """Fetch the packages by name into `folder`, laid out as node_modules."""
    for package in sorted({cut.package for cut in (ZINC, *CUTS)}):
        packed = subprocess.run(  # noqa: S603 - the names are constants of this file
            ["npm", "pack", package, "--silent"],  # noqa: S607 - npm stands where the machine put it
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if packed.returncode:
            raise CommandError(f"npm could not fetch {package}: {packed.stderr.strip()}")
        shutil.unpack_archive(folder / packed.stdout.split()[-1], folder / "unpacked", filter="data")
        (folder / package).parent.mkdir(exist_ok=True)
        (folder / "unpacked" / "package").rename(folder / package)
    return folder


def _open(packages: Path, cut: Cut) -> Any:
    """The Latin font, with those letters added that are published in the extended file only."""

    def load(part: str) -> Any:
        return TTFont(packages / cut.package / "files" / f"{cut.source.format(part)}.woff2")

    font = load("latin")
    for table in ("hmtx", "gvar", "GSUB", "GPOS", "GDEF"):
        font.get(table)  # tables count the letters, so they are read before one is added
    if (packages / cut.package / "files" / f"{cut.source.format('latin-ext')}.woff2").exists():
        _adopt(font, load("latin-ext"), ord("Ÿ"))
    _add_narrow_space(font)
    return font


def _adopt(font: Any, extended: Any, code: int) -> None:
    """Copy one letter and its parts from `extended`; both must be cuts of one font."""
    if code in font.getBestCmap() or code not in extended.getBestCmap():
        return
    names: dict[str, str] = {}

    def copy(name: str) -> str:
        if name not in names:
            names[name] = f"{name}.ext"
            glyph = deepcopy(extended["glyf"][name])
            for part in getattr(glyph, "components", ()):
                part.glyphName = copy(part.glyphName)
            _append(font, names[name], glyph, extended["hmtx"][name])
            if "gvar" in font:
                font["gvar"].variations[names[name]] = extended["gvar"].variations.get(name, [])
        return names[name]

    _map(font, code, copy(extended.getBestCmap()[code]))


def _add_narrow_space(font: Any) -> None:
    """French sets U+202F before ; ! ? and inside amounts; no published subset has it."""
    width = round(font["head"].unitsPerEm * NARROW_SPACE_EM)
    _append(font, "narrowspace", Glyph(), (width, 0))
    if "gvar" in font:
        font["gvar"].variations["narrowspace"] = []
    _map(font, NARROW_SPACE, "narrowspace")


def _append(font: Any, name: str, glyph: Any, metrics: tuple[int, int]) -> None:
    font["glyf"][name] = glyph
    font["hmtx"][name] = metrics
    font.setGlyphOrder(font["glyf"].glyphOrder)
    # It speaks of glyphs by number; the widths are in gvar as well.
    if "HVAR" in font:
        del font["HVAR"]


def _map(font: Any, code: int, name: str) -> None:
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[code] = name


def _subset(font: Any, cut: Cut) -> Any:
    options = subset.Options(hinting=False, notdef_outline=True, layout_features=list(cut.features))
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[*map(ord, cut.letters), NARROW_SPACE])
    cutter.subset(font)
    return font


def _zinc(packages: Path) -> Any:
    """Bricolage with one axis, so that one file of 30 KB sets both titles and labels well."""
    design = DesignSpaceDocument()
    design.addAxisDescriptor(tag="wght", name="Weight", minimum=600, default=600, maximum=800)
    for place in (ZINC_LABEL, ZINC_TITLE):
        font = _open(packages, ZINC)
        font.flavor = None
        font = _subset(instancer.instantiateVariableFont(font, place), ZINC)
        if "STAT" in font:
            del font["STAT"]
        design.addSourceDescriptor(font=font, location={"Weight": place["wght"]})
    return build(design)[0]
