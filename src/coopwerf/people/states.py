"""Kinds and languages of people."""

import enum


class PartyKind(enum.StrEnum):
    """Tell human beings and organisations apart."""

    PERSON = "person"
    ORGANISATION = "organisation"


class Language(enum.StrEnum):
    """Name a language in which we write to people."""

    NL = "nl"
    FR = "fr"
    EN = "en"
