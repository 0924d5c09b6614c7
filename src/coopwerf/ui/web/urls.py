"""Addresses of the ui package, under `/ui/`."""

from django.urls import path, register_converter

from . import gallery, views


class HueConverter:
    """Accept a hue, 0 to 359, written in one way only so that no address is cached twice."""

    regex = "[0-9]|[1-9][0-9]|[12][0-9][0-9]|3[0-5][0-9]"

    def to_python(self, value: str) -> int:
        """Give the hue as a number."""
        return int(value)

    def to_url(self, value: int) -> str:
        """Write the hue, turned into the circle."""
        return str(int(value) % 360)


register_converter(HueConverter, "hue")

app_name = "ui"
urlpatterns = [
    path("", gallery.gallery, name="gallery"),
    path("page/<slug:name>/", gallery.specimen, name="specimen"),
    path("hue-<hue:hue>.css", views.hue, name="hue"),
    path("language/", views.language, name="language"),
]
