"""Addresses of the capital package."""

from django.urls import URLPattern, URLResolver, path

from . import asking, manage, parts, paying, proof, public, subscribing, subscriptions

app_name = "capital"

_S = "c/<slug:slug>/shares/<slug:offer>/"
_O = "c/<slug:slug>/offers/"
_M = _O + "<slug:offer>/"
_T = _S + "take/"
_L = "c/<slug:slug>/subscriptions/"
_B = _L + "<uuid:subscription_id>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path(_S, public.offer, name="offer"),
    path(_S + "ask/", asking.ask, name="ask"),
    path(_S + "ask/sent/", asking.sent, name="asked"),
    path(_S + "texts/<int:number>/", public.version, name="version"),
    path(_S + "statutes/<int:number>/", public.statutes, name="statutes"),
    path(_S + "picture-<str:language>.png", public.picture, name="picture"),
    path(_S + "poster-<str:language>.pdf", public.poster, name="poster"),
    path("c/<slug:slug>/books/proof/", proof.proof, name="proof"),
    path(_O, manage.offers, name="offers"),
    path(_O + "new/", manage.new, name="offer-new"),
    path(_M, manage.one, name="manage"),
    path(_M + "preview/", manage.preview, name="preview"),
    path(_M + "move/<str:to>/", manage.move, name="move"),
    path(_M + "terms/", parts.terms, name="terms"),
    path(_M + "texts/<str:language>/", parts.texts, name="texts"),
    path(_M + "statutes/", parts.statutes, name="name-statutes"),
    path(_M + "questions/", parts.questions, name="questions"),
    path(_M + "questions/new/", parts.question, name="question-new"),
    path(_M + "questions/<uuid:question_id>/", parts.question, name="question"),
    path(_M + "questions/<uuid:question_id>/remove/", parts.remove_question, name="question-remove"),
    path(_T, subscribing.shares, name="take"),
    path(_T + "who/", subscribing.who, name="take-who"),
    path(_T + "check/", subscribing.check, name="take-check"),
    path(_T + "afresh/", subscribing.afresh, name="take-afresh"),
    path("c/<slug:slug>/subscription/<str:token>/", paying.subscription, name="subscription"),
    path(_L, subscriptions.subscriptions, name="subscriptions"),
    path(_B, subscriptions.one, name="subscription-one"),
    path(_B + "until/", subscriptions.extend, name="subscription-extend"),
    path(_B + "address/", subscriptions.correct, name="subscription-correct"),
    path(_B + "mail/", subscriptions.resend, name="subscription-resend"),
    path(_B + "again/", subscriptions.revive, name="subscription-revive"),
    path(_B + "confirm/", subscriptions.confirm, name="subscription-confirm"),
    path(_B + "lapse/", subscriptions.lapse, name="subscription-lapse"),
    path(_B + "withdraw/", subscriptions.withdraw, name="subscription-withdraw"),
]
