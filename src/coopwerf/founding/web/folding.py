"""Forms that ask the same in several languages: those after the first are folded until something stands in them."""

from django import forms

from coopwerf.ui.formats import LANGUAGE_NAMES


class Folded(forms.Form):
    """A form whose fields of other languages, named `…_fr`, are folded as long as they are empty."""

    @property
    def others_told(self) -> bool:
        """Tell whether something stands in a field of a language after the first, or is wrong there."""
        told = [name for name in self.fields if name.rpartition("_")[2] in LANGUAGE_NAMES]
        first = told[0].rpartition("_")[2] if told else ""
        others = (self[name] for name in told if not name.endswith(f"_{first}"))
        return any(bool(one.value()) or bool(one.errors) for one in others)
