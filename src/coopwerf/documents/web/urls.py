"""Addresses of the documents package."""

from django.urls import path

from . import views

app_name = "documents"
urlpatterns = [
    path("c/<slug:slug>/documents/<str:token>/", views.document, name="document"),
    path("c/<slug:slug>/documents/<str:token>/file/", views.download, name="file"),
    path("c/<slug:slug>/documents/<str:token>/again/", views.again, name="again"),
]
