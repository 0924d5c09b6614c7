"""Pictures: drawn anew from whatever is one, with nothing behind them, and shown to whom they are meant for."""

import io
import time
import tracemalloc
import uuid
from pathlib import Path
from unittest.mock import Mock

import pytest
from django.conf import settings
from django.test import Client
from PIL import Image, ImageCms

from coopwerf.documents import actions, files, pictures, queries
from coopwerf.documents.models import Picture
from coopwerf.documents.states import Licence
from coopwerf.kernel.actor import SYSTEM
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant
from tests.cast import NOW, Cast, Person

from .photos import SECRET, claiming, photo, two_faced, with_position

pytestmark = pytest.mark.django_db
SHOWN: set[uuid.UUID] = set()


@pytest.fixture(autouse=True)
def yard(monkeypatch: pytest.MonkeyPatch, wolkenwerf: Cast) -> Cast:
    """Let the secretary of Wolkenwerf bring pictures, and show those that are named in SHOWN."""
    SHOWN.clear()
    use = pictures.Use(
        is_shown=lambda _coop, picture_id: picture_id in SHOWN,
        is_used=lambda _coop, picture_id: picture_id in SHOWN,
        may_bring=lambda actor, _coop, _on: actor.party_id == wolkenwerf.secretary.party_id,
    )
    monkeypatch.setattr(pictures, "_uses", {"tests": use})
    return wolkenwerf


def brought(coop: Cast, content: bytes, **other: object) -> uuid.UUID:
    """Bring a picture as the secretary."""
    told = {"author": "Claire Lambotte", "licence": Licence.BY_SA, "texts": {"nl": "Het rek in Evere"}, **other}
    return actions.bring_picture(
        actor=coop.secretary.actor,
        now=NOW,
        coop_id=coop.id,
        content=content,
        **told,  # type: ignore[arg-type]
    )


def files_of(coop: Cast) -> list[Path]:
    """Return every file of a picture that is stored for a co-operative."""
    return sorted((Path(settings.MEDIA_ROOT) / "pictures" / str(coop.id)).glob("*/*"))


def code_of(content: bytes) -> str:
    """Return why a file is refused as a picture."""
    with pytest.raises(Refused) as refusal:
        pictures.draw(content)
    assert refusal.value.message
    return refusal.value.code


@pytest.mark.parametrize(
    ("kind", "mode"), [("JPEG", "RGB"), ("PNG", "RGBA"), ("WEBP", "RGB"), ("JPEG", "CMYK"), ("PNG", "P"), ("PNG", "L")]
)
def test_whatever_is_a_picture_is_drawn_in_three_widths(kind: str, mode: str) -> None:
    """Never larger than it came, in the order of widths, and as a JPEG of 1200 dots for mails and links."""
    content = photo(1800, 1200, kind, mode="RGBA") if mode == "RGBA" else _in_mode(kind, mode)
    drawn = pictures.draw(content)
    assert list(drawn.webp) == [480, 960, 1600]
    for width, one in drawn.webp.items():
        with Image.open(io.BytesIO(one)) as opened:
            assert (opened.format, opened.width) == ("WEBP", width)
            opened.load()
    with Image.open(io.BytesIO(drawn.jpeg)) as opened:
        assert (opened.format, opened.size, opened.mode) == ("JPEG", (1200, 800), "RGB")
    assert list(pictures.draw(photo(640, 480)).webp) == [480, 640]
    assert list(pictures.draw(photo(300, 240)).webp) == [300]


def _in_mode(kind: str, mode: str) -> bytes:
    with Image.open(io.BytesIO(photo(1800, 1200))) as opened:
        out = io.BytesIO()
        opened.convert(mode).save(out, kind)
    return out.getvalue()


def test_where_a_photo_was_taken_is_told_to_nobody(yard: Cast) -> None:
    """It stands upright as it was held; position, telephone and remarks are in no file that is kept."""
    content = with_position()
    assert SECRET.encode() in content
    brought(yard, content)
    kept = files_of(yard)
    assert len(kept) == 4
    for file in kept:
        data = file.read_bytes()
        assert SECRET.encode() not in data
        assert b"Telefoon" not in data
        assert b"Exif" not in data
        with Image.open(file) as opened:
            assert opened.height > opened.width
            assert not opened.getexif()
            assert not {"exif", "xmp", "icc_profile", "comment"} & set(opened.info)


def test_a_wide_colour_space_becomes_that_of_every_screen() -> None:
    """A profile is reckoned in, and then it is gone; one that is rubbish is as good as none."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    for one in (ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(), profile, b"rubbish"):
        drawn = pictures.draw(photo(400, 300, icc_profile=one))
        with Image.open(io.BytesIO(drawn.jpeg)) as opened:
            assert "icc_profile" not in opened.info
            red = opened.convert("RGB").getpixel((50, 50))
            assert isinstance(red, tuple)
            assert abs(red[0] - 200) < 12


def test_a_file_with_two_faces_leaves_one(yard: Cast) -> None:
    """A page with a script behind a photo: what is kept is the photo."""
    content = two_faced()
    assert b"<script>" in content
    brought(yard, content)
    assert not [file for file in files_of(yard) if b"script" in file.read_bytes()]


@pytest.mark.parametrize(
    "content",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>zz(1)</script></svg>',
        b'<?xml version="1.0"?><svg onload="zz(1)" width="800" height="600"/>',
        b"<!doctype html><script>zz(1)</script>",
        b"%PDF-1.7 " + b"x" * 500,
        b"PK\x03\x04" + b"x" * 500,
        b"GIF89a/*" + b"x" * 500 + b"*/=zz(1)",
        b"",
        b"\xff\xd8\xff\xe0",
        photo(800, 600)[:3000],
        photo(800, 600, "GIF"),
        photo(800, 600, "TIFF"),
        photo(800, 600, "BMP"),
        photo(800, 600, "AVIF"),
    ],
    ids=["svg", "svg2", "html", "pdf", "zip", "gif-js", "empty", "head", "cut", "gif", "tiff", "bmp", "avif"],
)
def test_whatever_is_none_is_refused(content: bytes) -> None:
    """By what it is, not by its name."""
    assert code_of(content) == "documents.picture_unreadable"


def test_too_large_is_seen_in_the_head_and_nothing_is_drawn() -> None:
    """Thirty thousand by thirty thousand dots in a few bytes: refused at once, without their gigabytes."""
    bomb = claiming(30_000, 30_000)
    assert len(bomb) < 1000
    tracemalloc.start()
    began = time.perf_counter()
    assert code_of(bomb) == "documents.picture_large"
    assert time.perf_counter() - began < 1
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()
    assert code_of(photo(800, 600) + bytes(pictures.LARGEST_FILE)) == "documents.picture_heavy"
    assert code_of(claiming(5_000, 700)) == "documents.picture_shape"
    assert code_of(photo(120, 90)) == "documents.picture_small"
    assert code_of(claiming(900, 900)) == "documents.picture_unreadable"


def test_who_made_it_and_what_is_seen_must_be_told(yard: Cast) -> None:
    """Without a maker or words for who can't see it, nothing is kept; nor by who writes nothing here."""
    for told, code in (
        ({"author": "  "}, "documents.picture_author"),
        ({"texts": {"nl": " "}}, "documents.picture_untold"),
        ({"texts": {"nl": "x" * 301}}, "documents.picture_untold"),
    ):
        with pytest.raises(Refused) as refusal:
            brought(yard, photo(400, 300), **told)
        assert refusal.value.code == code
    with pytest.raises(Refused) as refusal:
        actions.bring_picture(
            actor=yard.director.actor,
            now=NOW,
            coop_id=yard.id,
            content=photo(400, 300),
            author="Dirk",
            licence=Licence.OWN,
            texts={"nl": "Een deur"},
        )
    assert refusal.value.code == "documents.no_pictures"
    with tenant(yard.id):
        assert not Picture.objects.exists()


def test_nobody_sees_a_picture_before_something_shows_it(yard: Cast, zonnewerf: Cast, stranger: Person) -> None:
    """Before: who could put it somewhere. Then everybody, kept for an hour, as what it is and under no other's name."""
    picture_id = brought(yard, photo())
    here = yard.url(f"pictures/{picture_id}/480.webp")
    for browser in (Client(), stranger.browser(), yard.director.browser(), zonnewerf.secretary.browser()):
        assert browser.get(here).status_code == 404
    early = yard.secretary.browser().get(here)
    assert (early.status_code, early.headers["Cache-Control"]) == (200, "private, no-store")
    SHOWN.add(picture_id)
    answer = Client().get(here)
    assert answer.headers["Content-Type"] == "image/webp"
    assert answer.headers["Cache-Control"] == "public, max-age=3600, must-revalidate"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.content[8:12] == b"WEBP"
    shared = Client().get(yard.url(f"pictures/{picture_id}/shared.jpg"))
    assert shared.headers["Content-Type"] == "image/jpeg"
    for wrong in ("481.webp", "480.jpg", "shared.jpg.html", "..%2f480.webp", "0480.webp"):
        assert Client().get(yard.url(f"pictures/{picture_id}/{wrong}")).status_code == 404
    assert Client().get(zonnewerf.url(f"pictures/{picture_id}/480.webp")).status_code == 404


def test_who_keeps_a_picture_asks_again_and_hears_that_it_was_taken_back(
    yard: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unchanged, its file isn't read again; taken back, a browser that kept it hears that it is gone."""
    picture_id = brought(yard, photo())
    SHOWN.add(picture_id)
    for name in ("480.webp", "shared.jpg"):
        here = yard.url(f"pictures/{picture_id}/{name}")
        kept = Client().get(here).headers["ETag"]
        with monkeypatch.context() as unread:
            unread.setattr(files, "read", Mock(side_effect=AssertionError("it is read again")))
            again = Client().get(here, headers={"if-none-match": kept})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["Cache-Control"] == "public, max-age=3600, must-revalidate"
        assert Client().get(here, headers={"if-none-match": '"another"'}).status_code == 200
        SHOWN.clear()
        assert Client().get(here, headers={"if-none-match": kept}).status_code == 404
        early = yard.secretary.browser().get(here, headers={"if-none-match": kept})
        assert (early.status_code, "ETag" in early.headers) == (200, False)
        SHOWN.add(picture_id)


def test_one_that_was_taken_away_is_nowhere_any_more(yard: Cast) -> None:
    """Its row stays, and says so; its files go, its address answers nothing, and it can't be described again."""
    picture_id = brought(yard, photo())
    SHOWN.add(picture_id)
    act = {"actor": yard.secretary.actor, "now": NOW, "coop_id": yard.id, "picture_id": picture_id}
    actions.describe_picture(**act, texts={"fr": "La baie à Evere"})
    with tenant(yard.id):
        found = queries.picture(yard.id, picture_id)
    assert found is not None
    assert (found.alt("fr"), found.alt("en", "nl")) == (("La baie à Evere", "fr"), ("Het rek in Evere", "nl"))
    actions.take_picture_away(**act)
    assert Client().get(yard.url(f"pictures/{picture_id}/480.webp")).status_code == 404
    with pytest.raises(Refused) as refusal:
        actions.describe_picture(**act, texts={"nl": "Weg"})
    assert refusal.value.code == "documents.picture_gone"


def test_who_brought_a_picture_is_told_and_forgotten(yard: Cast) -> None:
    """Who is erased isn't known any more to have brought it; the picture stays, with who made it."""
    picture_id = brought(yard, photo(400, 300))
    party_id = yard.secretary.party_id
    with tenant(yard.id):
        assert [one.id for one in queries.pictures_brought_by(yard.id, party_id)] == [picture_id]
    actions.remove_for_privacy(actor=SYSTEM, now=NOW, coop_id=yard.id, party_id=party_id)
    with tenant(yard.id):
        assert queries.pictures_brought_by(yard.id, party_id) == []
        found = queries.picture(yard.id, picture_id)
    assert found is not None
    assert found.author == "Claire Lambotte"


@pytest.mark.parametrize("mode", ["RGBA", "P", "L", "I;16"])
def test_a_large_one_is_made_smaller_before_anything_else(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each copy of fifty million pixels takes two hundred megabytes: only the first one is that large."""
    drawn = []
    clean = pictures._clean
    monkeypatch.setattr(pictures, "_clean", lambda picture: drawn.append(picture.size) or clean(picture))
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new(mode, (5200, 1300)).save(out, "PNG", exif=exif)
    assert pictures.draw(out.getvalue()).width == 600
    assert drawn == [(1200, 4800)]
