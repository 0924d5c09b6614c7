"""Addresses of the people package."""

from django.urls import URLPattern, URLResolver, path

from . import acting, data, me, security, signing_in, tokens

app_name = "people"
urlpatterns: list[URLPattern | URLResolver] = [
    path("sign-in/", signing_in.sign_in, name="sign-in"),
    path("sign-in/code/", signing_in.code, name="code"),
    path("sign-in/second/", signing_in.second_step, name="second-step"),
    path("sign-in/passkey/", signing_in.passkey, name="passkey"),
    path("sign-in/passkey/options/", signing_in.passkey_options, name="passkey-options"),
    path("sign-in/link/<str:token>/", signing_in.link, name="link"),
    path("sign-in/first/<str:token>/", signing_in.first, name="first"),
    path("sign-in/address/<str:token>/", security.new_address, name="new-address"),
    path("sign-out/", signing_in.sign_out, name="sign-out"),
    path("me/", me.me, name="me"),
    path("me/confirm/", security.confirm, name="confirm"),
    path("me/signing-in/", security.signing_in, name="signing-in"),
    path("me/signing-in/address/", security.email, name="email"),
    path("me/signing-in/address/code/", security.email_code, name="email-code"),
    path("me/signing-in/passkeys/add/", security.add_passkey, name="add-passkey"),
    path("me/signing-in/passkeys/options/", security.new_passkey_options, name="new-passkey-options"),
    path("me/signing-in/passkeys/<int:passkey_id>/", security.rename_passkey, name="rename-passkey"),
    path("me/signing-in/passkeys/<int:passkey_id>/remove/", security.remove_passkey, name="remove-passkey"),
    path("me/signing-in/second-step/", security.add_second_step, name="add-second-step"),
    path("me/signing-in/second-step/codes/", security.recovery_codes, name="recovery-codes"),
    path("me/signing-in/second-step/remove/", security.remove_second_step, name="remove-second-step"),
    path("me/signing-in/sessions/<int:session_id>/end/", security.end_session, name="end-session"),
    path("me/signing-in/sessions/end-others/", security.end_other_sessions, name="end-other-sessions"),
    path("me/signing-in/tokens/make/", tokens.make, name="make-token"),
    path("me/signing-in/tokens/<uuid:token_id>/revoke/", tokens.revoke, name="revoke-token"),
    path("me/data/", data.data, name="data"),
    path("me/data/name/", data.change_name, name="change-name"),
    path("me/data/address/", data.change_address, name="change-address"),
    path("me/data/contact/", data.change_contact, name="change-contact"),
    path("me/data/download/", data.download, name="download"),
    path("me/data/erase/", data.erase, name="erase"),
    path("me/data/erase/withdraw/", data.withdraw, name="erase-withdraw"),
    path("me/data/erase/<str:token>/", data.confirm, name="erase-confirm"),
    path("me/acting/", acting.acting, name="acting"),
    path("me/acting/choose/", acting.choose, name="act-for"),
    path("me/acting/organisation/", acting.organisation, name="act-for-organisation"),
    path("me/acting/minor/", acting.minor, name="act-for-minor"),
    path("me/acting/<uuid:representation_id>/end/", acting.end, name="end-acting"),
]
