"""What the package serves itself: the hue, the choice of a language, error pages in plain words, the gallery."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory
from django.utils import translation

from coopwerf.ui.web import errors

pytestmark = pytest.mark.django_db


def test_a_hue_is_one_number_that_browsers_keep(client: Client) -> None:
    """One rule, cacheable for a year; no other number has an address."""
    answer = client.get("/ui/hue-322.css")
    assert answer.content == b":root{--brand-h:322}\n"
    assert answer["Content-Type"].startswith("text/css")
    assert "immutable" in answer["Cache-Control"]
    assert "public" in answer["Cache-Control"]
    assert {client.get(f"/ui/hue-{wrong}.css").status_code for wrong in ("360", "007", "-1", "red", "1e2")} == {404}


def test_the_language_chosen_stays_chosen(client: Client) -> None:
    """A visitor clicks fr and reads French from then on, on the page they were on."""
    answer = client.post("/ui/language/", {"language": "fr", "next": "/ui/?hue=3"})
    assert (answer.status_code, answer["Location"]) == (302, "/ui/?hue=3")
    assert "Éléments de construction" in client.get("/ui/").text
    assert "Bouwstenen" in client.get("/ui/?lang=nl").text


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"]
)
def test_choosing_a_language_leads_nowhere_else(client: Client, target: str) -> None:
    """The address to go back to is ours or the start page."""
    assert client.post("/ui/language/", {"language": "nl", "next": target})["Location"] == "/"


def test_other_languages_and_links_change_nothing(client: Client) -> None:
    """A link can't change somebody's language; nor can a language we don't speak."""
    assert client.get("/ui/language/?language=fr").status_code == 405
    assert client.post("/ui/language/", {"language": "de"}).status_code == 400


def test_errors_speak_plainly(rf: RequestFactory) -> None:
    """What happened, what didn't, what to do; the reason of a refusal where there is one."""
    request = rf.get("/c/x/")
    with translation.override("nl"):
        refused = errors.forbidden(request, PermissionDenied("ui.example"))
        assert refused.status_code == 403
        assert "Noteer wanneer het bestuur besliste." in refused.text
        assert "evil" not in errors.forbidden(request, PermissionDenied("<b>evil</b>")).text
        assert "Op dit adres staat niets" in errors.not_found(request).text
        assert "Dit formulier is verlopen" in errors.form_expired(request).text
        assert errors.bad_request(request).status_code == 400
        assert "Er ging iets mis aan onze kant" in errors.went_wrong(request).text
        busy = errors.not_now(request, 30)
        assert (busy.status_code, busy["Retry-After"]) == (503, "30")


@pytest.mark.parametrize("lang", ["nl", "fr", "en"])
def test_the_gallery_shows_every_component_with_its_source(client: Client, lang: str) -> None:
    """Each tag of the library stands in it, so that nothing grows out of sight."""
    from coopwerf.ui.templatetags.ui import register

    page = client.get(f"/ui/?lang={lang}&theme=dark&hue=12").text
    assert f'<html lang="{lang}" data-theme="dark">' in page
    assert "/ui/hue-12.css" in page
    inside = {"shell", "theme", "nonce", "lang_switch", "mark", "wordmark", "tally", "page_head", "scaffold"}
    missing = [
        tag for tag in register.tags if tag not in inside and f"{{% {tag} " not in page and f"{{% {tag}" not in page
    ]
    assert missing == []


@pytest.mark.parametrize("query", ["?hue=abc", "?hue=99999999999999", "?hue=-1", "?theme=pink", "?lang=xx", "?hue=²"])
def test_the_gallery_takes_no_offence(client: Client, query: str) -> None:
    """Nonsense in the address shows the gallery as it is."""
    assert client.get(f"/ui/{query}").status_code == 200
