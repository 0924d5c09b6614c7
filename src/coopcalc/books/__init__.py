"""Arithmetic of the books: what an entry's lines are, what accounts come to, whether three books agree."""

from .proof import Check, CheckCode, Figures, PartyGap, Proof, Side, prove

__all__ = ["Check", "CheckCode", "Figures", "PartyGap", "Proof", "Side", "prove"]
