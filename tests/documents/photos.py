"""Pictures made for tests: whole, broken, heavy, and with more behind them than meets the eye."""

import io
import struct
import zlib
from typing import Any

from PIL import Image, ImageDraw

SECRET = "Bergstraat 12, 51.0543"


def photo(width: int = 1800, height: int = 1200, kind: str = "JPEG", *, mode: str = "RGB", **how: Any) -> bytes:
    """Return a picture with something on it: the left half red, with a line across."""
    made = Image.new(mode, (width, height), "white")
    pen = ImageDraw.Draw(made)
    red: Any = (200, 30, 30) if mode == "RGB" else (200, 30, 30, 255) if mode == "RGBA" else 90
    pen.rectangle((0, 0, width // 2, height), fill=red)
    out = io.BytesIO()
    made.save(out, kind, **how)
    return out.getvalue()


def with_position() -> bytes:
    """Return a photo that tells where it was taken, by which telephone, and with a remark."""
    exif = Image.Exif()
    exif[0x010F] = "Telefoon van Amina"
    exif[0x010E] = SECRET
    exif[0x0112] = 6
    places = exif.get_ifd(0x8825)
    places[1], places[2], places[3], places[4] = "N", (51.0, 3.0, 15.5), "E", (3.0, 43.0, 12.1)
    return photo(1800, 1200, exif=exif, comment=SECRET.encode())


def claiming(width: int, height: int) -> bytes:
    """Return a PNG of some bytes whose head says that it is as large as that."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    dots = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", dots) + chunk(b"IEND", b"")


def two_faced() -> bytes:
    """Return a file that is a JPEG to who draws it, and a page with a script to who reads it as one."""
    page = b"<html><script>zz(1)</script>" + SECRET.encode()
    whole = photo(600, 400, comment=page)
    return whole + page
