"""Addresses of reports and comments: for who reads them, and for who writes them."""

from django.urls import URLPattern, path

from . import authors, commenting, milestones, moderating, pictures, publishing, reading, translating, writing

_R = "c/<slug:slug>/reports/"
_C = "c/<slug:slug>/comments/<uuid:comment_id>/"
_W = "c/<slug:slug>/writing/"
_O = _W + "<slug:report>/"

urlpatterns: list[URLPattern] = [
    path(_R, reading.reports, name="reports"),
    path(_R + "feed-<str:language>.atom", reading.feed, name="feed"),
    path(_R + "<slug:report>/", reading.report, name="report"),
    path(_R + "<slug:report>/versions/<int:number>/", reading.version, name="report-version"),
    path(_R + "<slug:report>/comment/", commenting.comment, name="comment"),
    path(_R + "<slug:report>/comment/sent/", commenting.sent, name="comment-sent"),
    path(_C + "object/", commenting.objection, name="comment-object"),
    path(_C + "<str:token>/", commenting.own, name="comment-own"),
    path(_W, writing.reports, name="writing"),
    path(_W + "milestones/", milestones.milestones, name="milestones"),
    path(_W + "new/", writing.new, name="report-new"),
    path(_W + "comments/", moderating.queue, name="moderation"),
    path(_W + "comments/log/", moderating.log, name="moderation-log"),
    path(_W + "comments/<uuid:comment_id>/", moderating.decide, name="moderate"),
    path(_O, writing.one, name="write"),
    path(_O + "preview/", writing.preview, name="report-preview"),
    path(_O + "move/<str:to>/", publishing.move, name="report-move"),
    path(_O + "pictures/", pictures.bring, name="report-picture"),
    path(_O + "pictures/<int:place>/away/", pictures.away, name="report-picture-away"),
    path(_O + "authors/", authors.authors, name="report-authors"),
    path(_O + "authors/<str:token>/", authors.join, name="write-along"),
    path(_O + "translations/<str:language>/", translating.translate, name="report-translate"),
]
