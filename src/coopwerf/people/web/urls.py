"""Addresses of the people package."""

from django.urls import URLPattern, URLResolver, path

from . import me, signing_in

app_name = "people"
urlpatterns: list[URLPattern | URLResolver] = [
    path("sign-in/", signing_in.sign_in, name="sign-in"),
    path("sign-in/code/", signing_in.code, name="code"),
    path("sign-in/link/<str:token>/", signing_in.link, name="link"),
    path("sign-in/first/<str:token>/", signing_in.first, name="first"),
    path("sign-out/", signing_in.sign_out, name="sign-out"),
    path("me/", me.me, name="me"),
    path("me/signing-in/", me.signing_in, name="signing-in"),
]
