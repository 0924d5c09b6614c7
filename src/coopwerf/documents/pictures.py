"""Pictures that people bring: opened by what they are, made anew in a few widths, and nothing else of the file kept.

What comes in is never stored, whatever its name says. What goes out was drawn by us: it holds no position, no camera,
no name, no profile, and nothing that somebody hid behind the picture.
"""

import dataclasses
import io
import threading
import uuid
import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from PIL import Image, ImageCms, ImageOps

from coopwerf.kernel.actor import Actor
from coopwerf.kernel.refusals import Refused

LARGEST_FILE: Final = 12_000_000
MOST_PIXELS: Final = 50_000_000
"""What a telephone makes today; more is refused from the head of the file, before anything is drawn."""
SMALLEST_SIDE: Final = 200
LONGEST_SHAPE: Final = 6
"""So many times longer than broad a picture may be at most."""
WIDTHS: Final = (480, 960, 1600)
TALLEST: Final = 2400
SHARED_WIDTH: Final = 1200
"""The width of the JPEG for mails and shared links: not every reader of those knows WebP."""
_FORMATS: Final = ("JPEG", "PNG", "WEBP")
_KNOWN: Final = frozenset({*_FORMATS, "MPO"})
"""MPO is a JPEG with another picture behind it, as some telephones make them."""
_one_by_one = threading.Lock()


@dataclasses.dataclass(frozen=True, slots=True)
class Drawn:
    """A picture as we drew it: its largest size in pixels, the WebP of each width, and one JPEG."""

    width: int
    height: int
    webp: Mapping[int, bytes]
    jpeg: bytes


def draw(content: bytes) -> Drawn:
    """Return a picture drawn anew from a JPEG, PNG or WebP; the first frame of one that moves.

    Raises Refused documents.picture_heavy, picture_unreadable, picture_large, picture_small, picture_shape. One at a
    time in a process: a picture of fifty million pixels takes six hundred megabytes while it is drawn.
    """
    if len(content) > LARGEST_FILE:
        raise Refused("documents.picture_heavy", most=LARGEST_FILE // 1_000_000, path="picture")
    with _one_by_one, warnings.catch_warnings():
        # Its size is looked at below, with a sentence of ours.
        warnings.simplefilter("ignore")
        try:
            return _drawn(content)
        except Refused:
            raise
        except Image.DecompressionBombError as error:
            raise _too_large() from error
        except Exception as error:
            # Whatever a file that was made to break its reader raises, it is no picture.
            raise Refused("documents.picture_unreadable", path="picture") from error


def _drawn(content: bytes) -> Drawn:
    with Image.open(io.BytesIO(content), formats=_FORMATS) as opened:
        if opened.format not in _KNOWN:
            raise Refused("documents.picture_unreadable", path="picture")
        _look_at_size(*opened.size)
        # A JPEG is drawn smaller at once, as far as that takes nothing from the largest width.
        opened.draft("RGB", (2 * WIDTHS[-1], 2 * TALLEST))
        upright = ImageOps.exif_transpose(_smaller(opened))
        plain = _clean(upright)
    webp = {}
    for width, height in _sizes(*plain.size):
        webp[width] = _saved(_sized(plain, width, height), "WEBP", quality=82, method=4)
    width, height = _fitted(*plain.size, SHARED_WIDTH)
    return Drawn(
        width=max(webp),
        height=next(tall for wide, tall in _sizes(*plain.size) if wide == max(webp)),
        webp=webp,
        jpeg=_saved(_on_paper(_sized(plain, width, height)), "JPEG", quality=85, optimize=True, progressive=True),
    )


def _look_at_size(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise _too_large()
    if min(width, height) < SMALLEST_SIDE:
        raise Refused("documents.picture_small", width=width, height=height, least=SMALLEST_SIDE, path="picture")
    if max(width, height) > LONGEST_SHAPE * min(width, height):
        raise Refused("documents.picture_shape", width=width, height=height, most=LONGEST_SHAPE, path="picture")


def _too_large() -> Refused:
    return Refused("documents.picture_large", most=MOST_PIXELS // 1_000_000, path="picture")


def _smaller(picture: Image.Image) -> Image.Image:
    """Return a picture no longer than twice the tallest that we keep: each copy of a large one takes 200 megabytes."""
    if max(picture.size) <= 2 * TALLEST:
        return picture
    if picture.mode not in ("RGB", "RGBA", "L", "LA", "CMYK"):
        picture = picture.convert("RGBA" if "transparency" in picture.info or picture.mode == "PA" else "RGB")
    picture.thumbnail((2 * TALLEST, 2 * TALLEST), reducing_gap=2.0)
    return picture


def _clean(picture: Image.Image) -> Image.Image:
    """Return the dots of a picture in the colours that every screen knows, and nothing else of it."""
    profile = picture.info.get("icc_profile")
    is_clear = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
    mode = "RGBA" if is_clear else "RGB"
    if profile and picture.mode in ("RGB", "CMYK", "RGBA"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            changed = ImageCms.profileToProfile(
                picture, source, ImageCms.createProfile("sRGB"), outputMode=mode if picture.mode != "CMYK" else "RGB"
            )
            picture = changed or picture
        except (ImageCms.PyCMSError, OSError):
            # A profile that can't be read is as good as none.
            pass
    dots = picture.convert(mode)
    clean = Image.new(mode, dots.size)
    clean.paste(dots)
    return clean


def _fitted(width: int, height: int, wanted: int) -> tuple[int, int]:
    share = min(1.0, wanted / width, TALLEST / height)
    return max(1, round(width * share)), max(1, round(height * share))


def _sizes(width: int, height: int) -> list[tuple[int, int]]:
    return sorted({_fitted(width, height, wanted) for wanted in WIDTHS})


def _sized(picture: Image.Image, width: int, height: int) -> Image.Image:
    if picture.size == (width, height):
        return picture
    return picture.resize((width, height), Image.Resampling.LANCZOS)


def _on_paper(picture: Image.Image) -> Image.Image:
    """Return a picture without anything to see through: a JPEG has white there."""
    if picture.mode == "RGB":
        return picture
    paper = Image.new("RGB", picture.size, "white")
    paper.paste(picture, mask=picture.getchannel("A"))
    return paper


def _saved(picture: Image.Image, kind: str, **how: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **how)
    return out.getvalue()


@dataclasses.dataclass(frozen=True, slots=True)
class Use:
    """What a package shows pictures in: which of them anybody may see, where they stand, and who brings some.

    All are asked inside the co-operative's tenant.
    """

    is_shown: Callable[[uuid.UUID, uuid.UUID], bool]
    is_used: Callable[[uuid.UUID, uuid.UUID], bool]
    may_bring: Callable[[Actor, uuid.UUID, Any], bool]


_uses: dict[str, Use] = {}


def register_use(code: str, use: Use) -> None:
    """Let a package above show pictures; it calls this when it is loaded."""
    _uses[code] = use


def uses() -> Iterator[Use]:
    """Yield every use of pictures."""
    yield from _uses.values()
