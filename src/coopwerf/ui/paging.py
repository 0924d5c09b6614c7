"""Long lists, page by page: only the rows of a page are read."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar, overload

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

R = TypeVar("R")


class _Rows(Sequence[R], Generic[R]):
    """Rows of which only those of a page are read."""

    def __init__(self, count: int, read: Callable[[int, int], Sequence[R]]) -> None:
        self._count, self._read = count, read

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, piece: int) -> R: ...

    @overload
    def __getitem__(self, piece: slice) -> Sequence[R]: ...

    def __getitem__(self, piece: int | slice) -> R | Sequence[R]:
        if isinstance(piece, int):
            return self._read(piece, 1)[0]
        first = piece.start or 0
        return self._read(first, piece.stop - first)


def page_of(request: HttpRequest, size: int, count: int, read: Callable[[int, int], Sequence[R]]) -> Page[R]:
    """Return the page of a list that an address asks for; `read` is given the first row and how many."""
    return Paginator(_Rows(count, read), size).get_page(request.GET.get("page"))
