"""Make the fonts we ship from the packages they come from; run once, the results are committed.

`PYTHONPATH=src python scripts/make_fonts.py ATKINSON_FILES BRICOLAGE_FILES`: the folders `files/` of the npm packages
`@fontsource-variable/atkinson-hyperlegible-next` and `@fontsource-variable/bricolage-grotesque` (5.3.0, OFL-1.1).
Needs fonttools and brotli, which only developers have.

What changes: weights nobody uses go (111 kB become 60 for the first view), and Atkinson's zero loses its slash.
A slashed zero is right in a code, where it stands among letters, and looks technical in `€ 1.000,00`; so the plain
zero becomes the default and the slashed one the OpenType feature `zero` (`font-variant-numeric: slashed-zero`, class
`code`). The licence (OFL, no reserved font name) allows it.
"""

import copy
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fontTools import merge
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables import otTables
from fontTools.ttLib.tables._g_l_y_f import GlyphCoordinates
from fontTools.varLib import instancer

from coopwerf.ui.fonts import FOLDER

WEB = FOLDER.parent / "static" / "ui" / "fonts"
WEIGHTS = (400, 700)

RING = 16
"""Points of the outer ring; the two halves of the counter follow it, and four phantom points in the variations."""
BOTTOM, RIGHT, TOP, LEFT = 16, 31, 36, 23
RIGHT_TO_TOP, LEFT_TO_BOTTOM = (32, 33, 34, 35), (24, 25, 26)

Points = Sequence[tuple[float, float]]


def _opened(points: Points) -> list[tuple[float, float]]:
    """Complete the two halves of the counter to a whole, each by the mirror image of the other.

    Works for positions and for their differences alike, since a mirror is linear.
    """
    middle = points[BOTTOM][0]

    def mirrored(numbers: Sequence[int]) -> list[tuple[float, float]]:
        return [(2 * middle - points[at][0], points[at][1]) for at in reversed(numbers)]

    return [
        *points[:RING],
        points[BOTTOM],
        *mirrored(LEFT_TO_BOTTOM),
        points[RIGHT],
        *(points[at] for at in RIGHT_TO_TOP),
        points[TOP],
        *mirrored(RIGHT_TO_TOP),
        points[LEFT],
        *(points[at] for at in LEFT_TO_BOTTOM),
    ]


def open_the_zero(font: TTFont) -> None:
    """Make the plain zero the default, and keep the slashed one as the feature `zero`."""
    glyf, gvar = font["glyf"], font["gvar"]
    for name, kept in (("zero", "zero.slash"), ("zero.tf", "zero.slash.tf")):
        font.setGlyphOrder([*font.getGlyphOrder(), kept])
        glyf.glyphs[kept] = copy.deepcopy(glyf[name])
        font["hmtx"][kept] = font["hmtx"][name]
        gvar.variations[kept] = copy.deepcopy(gvar.variations[name])
        font["HVAR"].table.AdvWidthMap.mapping[kept] = font["HVAR"].table.AdvWidthMap.mapping[name]
        if glyf[kept].isComposite():
            glyf[kept].components[0].glyphName = "zero.slash"
    zero = glyf["zero"]
    points = _opened(list(zero.coordinates))
    inner = [1, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0]
    zero.flags = bytearray([*zero.flags[:RING], *inner])
    zero.coordinates = GlyphCoordinates([(round(x), round(y)) for x, y in points])
    zero.endPtsOfContours = [RING - 1, len(points) - 1]
    zero.numberOfContours = 2
    zero.program.fromBytecode(b"")
    zero.recalcBounds(glyf)
    for variation in gvar.variations["zero"]:
        variation.coordinates = [*_opened(variation.coordinates[:-4]), *variation.coordinates[-4:]]
    _add_feature(font["GSUB"].table, "zero", {"zero": "zero.slash", "zero.tf": "zero.slash.tf"})


def _add_feature(table: Any, tag: str, mapping: dict[str, str]) -> None:
    """Add a single substitution for every script; `tag` must sort after those that are there."""
    substitution = otTables.SingleSubst()
    substitution.mapping = mapping
    lookup = otTables.Lookup()
    lookup.LookupType, lookup.LookupFlag, lookup.SubTable = 1, 0, [substitution]
    table.LookupList.Lookup.append(lookup)
    feature = otTables.Feature()
    feature.FeatureParams, feature.LookupListIndex = None, [len(table.LookupList.Lookup) - 1]
    record = otTables.FeatureRecord()
    record.FeatureTag, record.Feature = tag, feature
    table.FeatureList.FeatureRecord.append(record)
    for script in table.ScriptList.ScriptRecord:
        systems = [script.Script.DefaultLangSys, *(system.LangSys for system in script.Script.LangSysRecord)]
        for system in filter(None, systems):
            system.FeatureIndex.append(len(table.FeatureList.FeatureRecord) - 1)


def _web(font: TTFont, name: str) -> None:
    font.flavor = "woff2"
    font.save(WEB / f"{name}.woff2")


def _static(latin: TTFont, latin_ext: TTFont, at: dict[str, float], family: str, weight: int) -> None:
    """Merge two subsets at one place in their design space, under one plain name."""
    with tempfile.TemporaryDirectory() as folder:
        parts = []
        for position, font in enumerate((latin, latin_ext)):
            part = instancer.instantiateVariableFont(copy.deepcopy(font), at)
            for table in ("STAT", "MVAR", "HVAR", "avar"):
                if table in part:
                    del part[table]
            part.flavor = None
            parts.append(str(Path(folder) / f"{position}.ttf"))
            part.save(parts[-1])
        whole = merge.Merger().merge(parts)
    style = {400: "Regular", 700: "Bold"}[weight]
    plain = family.replace(" ", "")
    names = {1: family, 2: style, 3: f"{plain}-{style}", 4: f"{family} {style}", 6: f"{plain}-{style}"}
    whole["name"].names = [record for record in whole["name"].names if record.nameID in (0, 13, 14)]
    for number, text in names.items():
        whole["name"].setName(text, number, 3, 1, 0x409)
    whole["OS/2"].usWeightClass = weight
    whole["OS/2"].fsSelection = 0x20 if weight == 700 else 0x40
    whole["head"].macStyle = 1 if weight == 700 else 0
    whole.save(FOLDER / f"{plain}-{style}.ttf")


def main(atkinson: Path, bricolage: Path) -> None:
    """Write the fonts for the web and the static ones."""
    text = TTFont(atkinson / "atkinson-hyperlegible-next-latin-wght-normal.woff2")
    text_ext = TTFont(atkinson / "atkinson-hyperlegible-next-latin-ext-wght-normal.woff2")
    open_the_zero(text)
    head = TTFont(bricolage / "bricolage-grotesque-latin-opsz-normal.woff2")
    head_ext = TTFont(bricolage / "bricolage-grotesque-latin-ext-opsz-normal.woff2")
    for weight in WEIGHTS:
        _static(text, text_ext, {"wght": weight}, "Atkinson Hyperlegible Next", weight)
    _static(head, head_ext, {"wght": 700, "opsz": 36}, "Bricolage Grotesque", 700)
    _web(instancer.instantiateVariableFont(text, {"wght": WEIGHTS}), "atkinson-hyperlegible-next-latin")
    _web(instancer.instantiateVariableFont(text_ext, {"wght": WEIGHTS}), "atkinson-hyperlegible-next-latin-ext")
    _web(instancer.instantiateVariableFont(head, {"wght": 700}), "bricolage-grotesque-latin")
    _web(instancer.instantiateVariableFont(head_ext, {"wght": 700}), "bricolage-grotesque-latin-ext")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
