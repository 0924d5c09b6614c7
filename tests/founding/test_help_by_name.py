"""Who helps is named where they gave their name; who asks is told what lacks in the language that they write."""

import pytest
from django.utils import translation

from coopwerf.founding import actions
from coopwerf.founding.states import HelpKind, Season
from coopwerf.founding.web.help_forms import CallForm, skill_choices
from coopwerf.founding.web.project_forms import theme_choices
from coopwerf.founding.web.roadmap_forms import StepForm
from coopwerf.kernel.actor import VISITOR
from coopwerf.kernel.tenancy import tenant
from coopwerf.messages.actions import confirm_contact, know_contact
from tests.cast import NOW, Cast

from .building import act, called, offered, promised
from .test_help import link_of, mails_to, visitor


@pytest.mark.django_db
def test_who_was_known_without_a_name_is_told_how_to_give_it(wolkenwerf: Cast) -> None:
    """Noor commented under a pseudonym before. Who types her address gives her no name; she does, on a page of hers."""
    with tenant(wolkenwerf.id):
        known = {"actor": VISITOR, "now": NOW, "coop_id": wolkenwerf.id}
        who = know_contact(**known, email="noor@example.org", name="", language="nl")
        confirm_contact(**known, contact_id=who)
    call_id = called(wolkenwerf)
    _who, offer_id = offered(wolkenwerf, call_id, "Noor", may_name=True)
    actions.accept_offer(**act(wolkenwerf), offer_id=offer_id)
    noor = visitor()
    noor.open(link_of(mails_to("noor@")[0]))
    noor.says("We weten niet hoe we je mogen noemen.")
    assert noor.links("/following/")
    actions.close_call(**act(wolkenwerf), call_id=call_id, closing={"nl": "Het staat er."})
    assert "Je naam staat er niet bij" in mails_to("noor@")[-1].text, (
        "the page doesn't name her, so the mail doesn't say so"
    )
    page = visitor()
    page.open(wolkenwerf.url("help/vertaal-een-verslag/"))
    page.says("één iemand die liever niet genoemd wordt")


@pytest.mark.parametrize("languages", [("nl", "fr"), ("fr", "nl")])
def test_who_says_nothing_is_told_so_in_their_own_language_first(languages: tuple[str, str]) -> None:
    """The field that stands open is the one that is marked, not the one that is folded."""
    told = {"languages": languages, "reading": languages, "kind": HelpKind.TASK, "call": None, "money": ()}
    assert CallForm(**told).at("founding.call_empty") == (f"title_{languages[0]}",)  # type: ignore[arg-type]
    step = StepForm(languages=languages, step=None, season=Season.of(NOW.date()))
    assert step.at("founding.step_empty") == (f"title_{languages[0]}",)


@pytest.mark.django_db
def test_what_is_asked_in_other_languages_is_folded_where_something_is_closed_or_moved(wolkenwerf: Cast) -> None:
    """As where it was written: who writes one language isn't met by three fields."""
    browser = wolkenwerf.director.browser()
    for rest in (f"help/desk/{called(wolkenwerf)}/close/", f"roadmap/desk/{promised(wolkenwerf)}/move/"):
        page = browser.get(wolkenwerf.url(rest)).content.decode()
        assert page.count('<details class="fold">') == 1, rest
        assert page.index('lang="nl"', page.index("<form")) < page.index('<details class="fold">') < page.index("_fr")


def test_an_accent_does_not_send_a_word_to_the_end_of_a_list() -> None:
    """In French energy stands between culture and finance, and writing between talking and computers."""
    with translation.override("fr"):
        themes, skills = ([name for _code, name in found] for found in (theme_choices(), skill_choices()))
    assert themes.index("Énergie") == themes.index("Culture et médias") + 1
    assert skills[-1] != "Écrire et relire"
