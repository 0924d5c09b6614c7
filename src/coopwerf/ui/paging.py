"""Long lists, page by page."""

from collections.abc import Callable, Sequence
from typing import Any

from django.core.paginator import Page, Paginator

from coopwerf.kernel.web import Request


class _Rows(Sequence[Any]):
    """Rows of which only those of a page are read."""

    def __init__(self, count: int, read: Callable[[int, int], list[Any]]) -> None:
        self._count, self._read = count, read

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, piece: Any) -> Any:
        first = piece.start or 0
        return self._read(first, piece.stop - first)


def page_of(request: Request, size: int, count: int, read: Callable[[int, int], list[Any]]) -> Page[Any]:
    """Return the page of a list that an address asks for; `read` is given the first row and how many."""
    return Paginator(_Rows(count, read), size).get_page(request.GET.get("page"))
