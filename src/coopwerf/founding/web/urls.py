"""Addresses of the founding package."""

from django.urls import URLPattern, URLResolver, path

from . import roadmap

app_name = "founding"

_C = "c/<slug:slug>/"
_R = _C + "roadmap/"
_S = _R + "desk/<uuid:step_id>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path(_R, roadmap.roadmap, name="roadmap"),
    path(_R + "desk/", roadmap.desk, name="roadmap-desk"),
    path(_R + "desk/new/", roadmap.new, name="step-new"),
    path(_S, roadmap.step, name="step"),
    path(_S + "place/", roadmap.place, name="step-place"),
    path(_S + "evidence/", roadmap.evidence, name="evidence"),
    path(_S + "evidence/<uuid:evidence_id>/remove/", roadmap.remove_evidence, name="evidence-remove"),
    path(_S + "<str:what>/", roadmap.deed, name="step-deed"),
]
