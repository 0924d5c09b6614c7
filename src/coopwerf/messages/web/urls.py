"""Addresses of the messages package."""

from django.urls import path

from . import followers, following, news, newsletters, views

app_name = "messages"
urlpatterns = [
    path("host/outbox/", views.outbox, name="outbox"),
    path("host/outbox/reach/", views.reach, name="reach"),
    path("host/outbox/<uuid:mail_id>/", views.mail, name="mail"),
    path("host/outbox/<uuid:mail_id>/html/", views.mail_html, name="mail-html"),
    path("host/outbox/<uuid:mail_id>/again/", views.again, name="again"),
    path("host/outbox/<uuid:mail_id>/delivered/", views.delivered, name="delivered"),
    path("c/<slug:slug>/letters/", views.letters, name="letters"),
    path("c/<slug:slug>/letters/print/", views.print_file, name="print-file"),
    path("c/<slug:slug>/letters/<uuid:letter_id>/printed/", views.printed, name="printed"),
    path("c/<slug:slug>/follow/", following.follow, name="follow"),
    path("c/<slug:slug>/follow/sent/", following.sent, name="follow-sent"),
    path("c/<slug:slug>/follow/<str:token>/", following.confirm, name="follow-confirm"),
    path("c/<slug:slug>/following/<str:token>/", following.preferences, name="preferences"),
    path("c/<slug:slug>/following/<str:token>/data/", following.own_data, name="own-data"),
    path("c/<slug:slug>/following/<str:token>/forget/", following.forget, name="forget"),
    path("c/<slug:slug>/forget/<str:token>/", following.forget_confirm, name="forget-confirm"),
    path("c/<slug:slug>/name/<str:token>/", following.name_confirm, name="name-confirm"),
    path("c/<slug:slug>/leave/<str:token>/", following.leave, name="leave"),
    path("c/<slug:slug>/news/", news.archive, name="archive"),
    path("c/<slug:slug>/news/feed.atom", news.feed, name="feed"),
    path("c/<slug:slug>/news/<int:number>/", news.newsletter, name="archived"),
    path("c/<slug:slug>/followers/", followers.followers, name="followers"),
    path("c/<slug:slug>/followers/bring/", followers.bring, name="bring"),
    path("c/<slug:slug>/newsletters/", newsletters.newsletters, name="newsletters"),
    path("c/<slug:slug>/newsletters/<uuid:newsletter_id>/", newsletters.newsletter, name="newsletter"),
    path("c/<slug:slug>/newsletters/<uuid:newsletter_id>/audience/", newsletters.audience, name="newsletter-audience"),
    path("c/<slug:slug>/newsletters/<uuid:newsletter_id>/send/", newsletters.sending, name="newsletter-send"),
    path(
        "c/<slug:slug>/newsletters/<uuid:newsletter_id>/texts/<str:language>/",
        newsletters.texts,
        name="newsletter-texts",
    ),
    path(
        "c/<slug:slug>/newsletters/<uuid:newsletter_id>/preview/<str:language>/",
        newsletters.preview,
        name="newsletter-preview",
    ),
    path("c/<slug:slug>/newsletters/<uuid:newsletter_id>/do/<str:what>/", newsletters.do, name="newsletter-do"),
]
