"""`coopwerf bank`: show what stands in a bank's file, and make one that can be sent on."""

import shutil
import sys
import tempfile
from pathlib import Path
from typing import IO, Any

from django.core.management.base import CommandParser

from coopwerf.kernel import command
from coopwerf.kernel.refusals import Refused
from coopwerf.payments.reading import masking, read_path, telling
from coopwerf.payments.reading.refusing import translated

IN_MEMORY = 16 * 1024 * 1024


class Command(command.DomainCommand):
    """Read a bank's files."""

    help = "Show what stands in a bank's file, or make one without people in it."
    needs_database = False

    def add_arguments(self, parser: CommandParser) -> None:
        """Add what comes after the name."""
        read = self.subcommand(
            parser, "read", self.read, help="Print what stands in a CODA, camt or MT940 file, as JSON.", coop=False
        )
        read.add_argument("file", type=Path, metavar="FILE")
        anonymise = self.subcommand(
            parser,
            "anonymise",
            self.anonymise,
            help="Write the same file with other names, accounts and words, to show us what your bank does.",
            coop=False,
        )
        anonymise.add_argument("file", type=Path, metavar="FILE")
        anonymise.add_argument("--output", type=Path, metavar="FILE", help="where to; standard output by default")
        anonymise.add_argument("--amounts", action="store_true", help="change the figures of amounts too")

    def read(self, *, file: Path, **options: Any) -> None:
        """Print the statements of a file; nothing is printed of one that can't be read to its end."""
        with _kept() as kept:
            with translated():
                for piece in telling.as_json(read_path(file)):
                    kept.write(piece.encode())
            self._print(kept)

    def anonymise(self, *, file: Path, output: Path | None, amounts: bool, **options: Any) -> None:
        """Write the file without people in it; nothing is written of one that can't be read to its end."""
        try:
            with _kept() as kept:
                with translated(), file.open("rb") as opened:
                    for piece in masking.masked(opened, masking.Mask(amounts=amounts)):
                        kept.write(piece)
                if output is None:
                    self._print(kept)
                    return
                kept.seek(0)
                with output.open("wb") as opened:
                    shutil.copyfileobj(kept, opened)
        except OSError as error:
            raise Refused("kernel.file_unreadable", path=str(error.filename)) from error

    def _print(self, kept: IO[bytes]) -> None:
        kept.seek(0)
        self.stdout.flush()
        shutil.copyfileobj(kept, sys.stdout.buffer)
        sys.stdout.buffer.flush()


def _kept() -> IO[bytes]:
    """Keep what is to be printed until it is whole: on disk where it is large."""
    return tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # closed by who asked
