"""The row of tabs on the account pages."""

from django.urls import reverse

from ..states import account_pages


def account_tabs(current: str) -> list[dict[str, str | bool]]:
    """Return the pages of somebody's own account as items for `{% tabs %}`; `current` is the code of the one shown.

    Pages come from `states.register_account_page`.
    """
    return [
        {"label": str(page.label), "url": reverse(page.url_name), "current": page.code == current}
        for page in account_pages()
    ]
