"""Make the fonts for names that our own typefaces can't write, and the list of all characters that papers can show.

Documents are set in the faces of `coopwerf/ui/fonts` (see `make_fonts.py`). Greek, Cyrillic, Vietnamese, Arabic and
Hebrew names come from Noto: this takes the npm packages `@fontsource-variable/…`, fixes their axes, joins their parts
into one file, and writes beside them which characters each family has. The results are committed: run this only to
take up a new version of a font. Needs npm, fonttools and brotli.

    python scripts/make_document_fonts.py src/coopwerf/documents/fonts
"""

import argparse
import dataclasses
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from fontTools import merge, subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

# Tables that only a variable or hinted web font needs; left in, they stop the merger.
SUPERFLUOUS = ("STAT", "MVAR", "HVAR", "avar", "fvar", "gvar", "cvar", "DSIG", "meta", "fpgm", "prep", "cvt ", "gasp")
WEIGHT_NAMES = {400: "Regular", 700: "Bold"}
# The first second of the OpenType clock's year 2026, in seconds since 1904: the same input gives the same bytes.
BUILT = 3849984000


@dataclasses.dataclass(frozen=True)
class Source:
    """Say which files of a package make one font family, and at which settings."""

    package: str
    version: str
    family: str
    file: str
    parts: tuple[str, ...]
    axes: dict[int, dict[str, float]]


SOURCES = (
    Source(
        "noto-sans",
        "5.3.0",
        "Noto Sans",
        "noto-sans-{part}-wght-normal.woff2",
        ("latin", "latin-ext", "vietnamese", "greek", "greek-ext", "cyrillic", "cyrillic-ext"),
        {400: {"wght": 400}},
    ),
    Source(
        "noto-sans-arabic",
        "5.3.0",
        "Noto Sans Arabic",
        "noto-sans-arabic-{part}-wght-normal.woff2",
        ("arabic",),
        {400: {"wght": 400}},
    ),
    Source(
        "noto-sans-hebrew",
        "5.3.0",
        "Noto Sans Hebrew",
        "noto-sans-hebrew-{part}-wght-normal.woff2",
        ("hebrew",),
        {400: {"wght": 400}},
    ),
)

OWN_FOLDER = Path(__file__).resolve().parent.parent / "src" / "coopwerf" / "ui" / "fonts"
OWN = {
    "Atkinson Hyperlegible Next": "AtkinsonHyperlegibleNext-Regular.ttf",
    "Bricolage Grotesque": "BricolageGrotesque-Bold.ttf",
}


def main() -> None:
    """Make every font into the folder named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    coverage: dict[str, list[list[int]]] = {}
    with tempfile.TemporaryDirectory() as scratch:
        for source in SOURCES:
            package = fetch(source, Path(scratch))
            (folder / f"OFL-{source.family.replace(' ', '-')}.txt").write_bytes((package / "LICENSE").read_bytes())
            for weight in source.axes:
                made = make(source, weight, package, Path(scratch))
                target = folder / f"{source.family.replace(' ', '')}-{weight}.ttf"
                made.save(target)
                coverage[source.family] = ranges(set(made.getBestCmap()))
                sys.stdout.write(f"{target.name}: {target.stat().st_size} bytes\n")
    for family, file in OWN.items():
        coverage[family] = ranges(set(TTFont(OWN_FOLDER / file).getBestCmap()))
    (folder / "coverage.json").write_text(json.dumps(coverage, indent=None, separators=(",", ":")) + "\n")


def ranges(points: set[int]) -> list[list[int]]:
    """Return code points as a list of [first, last]."""
    found: list[list[int]] = []
    for point in sorted(points):
        if found and point == found[-1][1] + 1:
            found[-1][1] = point
        else:
            found.append([point, point])
    return found


def fetch(source: Source, scratch: Path) -> Path:
    """Download a package with npm and return its unpacked folder."""
    name = f"@fontsource-variable/{source.package}@{source.version}"
    packed = subprocess.run(
        ["npm", "pack", "--silent", name], cwd=scratch, check=True, capture_output=True, text=True
    ).stdout.split()[-1]
    folder = scratch / source.package
    with tarfile.open(scratch / packed) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package"


def make(source: Source, weight: int, package: Path, scratch: Path) -> TTFont:
    """Return one static font: the parts at this weight, joined and named."""
    parts: list[str] = []
    taken: set[int] = set()
    for part in source.parts:
        font = TTFont(package / "files" / source.file.format(part=part))
        font = instancer.instantiateVariableFont(font, {**source.axes[weight]})
        for table in SUPERFLUOUS:
            if table in font:
                del font[table]
        # A character that an earlier part has would only collide.
        fresh = set(font.getBestCmap()) - taken
        taken |= fresh
        options = subset.Options(layout_features=["*"], hinting=False, notdef_outline=True, glyph_names=False)
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=fresh)
        cutter.subset(font)
        path = scratch / f"{source.package}-{weight}-{part}.ttf"
        font.flavor = None
        font.save(path)
        parts.append(str(path))
    joined = merge.Merger().merge(parts) if len(parts) > 1 else TTFont(parts[0])
    rename(joined, source.family, weight)
    return joined


def rename(font: TTFont, family: str, weight: int) -> None:
    """Write the family and the weight where Typst looks for them."""
    style = WEIGHT_NAMES[weight]
    names = font["name"]
    copyright_line = names.getDebugName(0) or ""
    names.names = []
    postscript = f"{family.replace(' ', '')}-{style}"
    for number, text in {
        0: copyright_line,
        1: family,
        2: style,
        3: postscript,
        4: f"{family} {style}",
        6: postscript,
        13: "SIL Open Font License, Version 1.1",
        14: "https://openfontlicense.org",
    }.items():
        names.setName(text, number, 3, 1, 0x409)
    font["OS/2"].usWeightClass = weight
    font["OS/2"].fsSelection = 0x20 if weight >= 700 else 0x40
    font["head"].macStyle = 1 if weight >= 700 else 0
    font["head"].created = font["head"].modified = BUILT
    font.recalcTimestamp = False


if __name__ == "__main__":
    main()
