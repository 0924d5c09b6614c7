"""What holds for all our templates, styles and scripts."""

import re
from pathlib import Path

import pytest

from coopwerf.ui import bundle

UI = Path(__file__).resolve().parents[2] / "src" / "coopwerf" / "ui"
STYLES = sorted((UI / "static" / "ui").glob("**/*.css"))


def test_the_bundle_is_made_from_its_parts() -> None:
    """`app.css` is what the parts make; otherwise: python -m coopwerf.ui.bundle."""
    assert bundle.bundled() == bundle.BUNDLE.read_text(encoding="utf-8")


def test_the_first_view_stays_light() -> None:
    """Style, both faces in latin and our scripts together leave 30 of the 120 kB for the page itself."""
    import brotli

    static = UI / "static" / "ui"
    style = len(brotli.compress(bundle.BUNDLE.read_bytes()))
    scripts = sum(len(brotli.compress(file.read_bytes())) for file in (static / "js").glob("*.js"))
    faces = sum(
        (static / "fonts" / f"{name}-latin.woff2").stat().st_size
        for name in ("atkinson-hyperlegible-next", "bricolage-grotesque")
    )
    htmx = len(brotli.compress((static / "vendor" / "htmx-4.0.1.min.js").read_bytes()))
    assert style + scripts + faces + htmx < 90_000


@pytest.mark.parametrize("sheet", STYLES, ids=lambda sheet: sheet.name)
def test_browsers_of_2020_understand_our_styles(sheet: Path) -> None:
    """No layers, no :where, :is or :has, no gap in flex rows, no logical shorthands."""
    css = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.S)
    assert not re.findall(
        r"@layer|:where\(|:is\(|:has\(|@container|color-mix\(|inset:|margin-inline|padding-inline", css
    )
    for rule in re.findall(r"\{([^{}]*)\}", css):
        assert not ("display: flex" in rule and re.search(r"(?<!grid-)\bgap:", rule)), rule


@pytest.mark.parametrize(
    "sheet", [sheet for sheet in STYLES if sheet.name not in ("tokens.css", "app.css")], ids=lambda sheet: sheet.name
)
def test_colours_are_named_by_role(sheet: Path) -> None:
    """Only the tokens know a colour; black and white stay for print and for codes to scan."""
    css = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.S)
    assert set(re.findall(r"#[0-9a-f]{3,8}\b", css)) <= {"#fff", "#000"}


def test_every_role_that_is_used_is_there() -> None:
    """A misspelt custom property would silently be nothing."""
    css = "\n".join(sheet.read_text() for sheet in STYLES)
    defined = set(re.findall(r"^\s*--([a-z0-9-]+):", css, re.M))
    assert set(re.findall(r"var\(--([a-z0-9-]+)", css)) <= defined


def test_nothing_is_loaded_from_elsewhere() -> None:
    """Every address in styles and scripts is our own."""
    files = [*STYLES, *(UI / "static" / "ui" / "js").glob("*.js")]
    assert not [file.name for file in files if re.search(r"https?://|//cdn", file.read_text())]


def test_modules_end_their_imports_with_a_semicolon() -> None:
    """Without it Django doesn't see them, and a module is loaded twice under two names."""
    for file in (UI / "static" / "ui" / "js").glob("*.js"):
        for line in file.read_text().splitlines():
            if line.startswith(("import", "export *")):
                assert line.endswith(";"), f"{file.name}: {line}"


def test_vendored_scripts_point_to_no_map() -> None:
    """A source map that isn't there stops the collecting of static files."""
    for file in (UI / "static" / "ui" / "vendor").glob("*.js"):
        assert "sourceMappingURL" not in file.read_text()


def test_templates_hold_no_script_and_no_style_of_their_own() -> None:
    """The content security policy would refuse them, and so do we."""
    for file in UI.glob("templates/**/*.html"):
        text = file.read_text()
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:|hx-on|js:", text), file.name
        assert not re.search(r"<script(?![^>]*\bsrc=)", text), file.name


def test_the_font_has_a_plain_zero_and_keeps_the_slashed_one_for_codes() -> None:
    """The zero in an amount is open; the feature `zero` gives the other."""
    from fontTools.ttLib import TTFont

    font = TTFont(UI / "static" / "ui" / "fonts" / "atkinson-hyperlegible-next-latin.woff2")
    assert font["glyf"]["zero"].numberOfContours == 2
    assert font["glyf"]["zero.slash"].numberOfContours == 3
    assert "zero" in {record.FeatureTag for record in font["GSUB"].table.FeatureList.FeatureRecord}
