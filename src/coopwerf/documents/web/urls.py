"""Addresses of the documents package."""

from django.urls import path

from . import pictures, views

app_name = "documents"
urlpatterns = [
    path("c/<slug:slug>/pictures/<uuid:picture_id>/<str:name>", pictures.picture, name="picture"),
    path("c/<slug:slug>/documents/<str:token>/", views.document, name="document"),
    path("c/<slug:slug>/documents/<str:token>/file/", views.download, name="file"),
    path("c/<slug:slug>/documents/<str:token>/again/", views.again, name="again"),
]
