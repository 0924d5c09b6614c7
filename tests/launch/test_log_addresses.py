"""The log tells which route went wrong, never the address: it may carry a key."""

import logging
from pathlib import Path

import pytest
from django.test import Client

from coopwerf.conf import logs

pytestmark = pytest.mark.django_db


def test_a_refused_form_leaves_no_key_in_the_log(tmp_path: Path) -> None:
    """A form that expired is noted with its route; the key of the sign-in link stands nowhere in the line."""
    settings = logs.config(tmp_path, "web")["handlers"]["file"]
    handler = logs.LogFile(settings["path"])
    handler.addFilter(logs.Routes())
    handler.setFormatter(logs.Line("%(message)s %(name)s"))
    logger = logging.getLogger("django.security.csrf")
    logger.addHandler(handler)
    try:
        answer = Client(enforce_csrf_checks=True).post("/sign-in/link/thekeyofthelink/")
    finally:
        logger.removeHandler(handler)
        handler.close()
    assert answer.status_code == 403
    written = (tmp_path / "web.jsonl").read_text()
    assert "/sign-in/link/<str:token>/" in written
    assert "thekeyofthelink" not in written
    assert settings["filters"] == ["routes"]
