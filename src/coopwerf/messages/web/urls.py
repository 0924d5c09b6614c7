"""Addresses of the messages package."""

from django.urls import path

from . import views

app_name = "messages"
urlpatterns = [
    path("host/outbox/", views.outbox, name="outbox"),
    path("host/outbox/reach/", views.reach, name="reach"),
    path("host/outbox/<uuid:mail_id>/", views.mail, name="mail"),
    path("host/outbox/<uuid:mail_id>/html/", views.mail_html, name="mail-html"),
    path("host/outbox/<uuid:mail_id>/again/", views.again, name="again"),
    path("host/outbox/<uuid:mail_id>/delivered/", views.delivered, name="delivered"),
    path("c/<slug:slug>/letters/", views.letters, name="letters"),
    path("c/<slug:slug>/letters/<uuid:letter_id>/printed/", views.printed, name="printed"),
]
