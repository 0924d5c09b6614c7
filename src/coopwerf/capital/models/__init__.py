"""Tables of capital: offers with their versions, classes and questions."""

from .offers import Offer, OfferClass, OfferQuestion, OfferVersion

__all__ = ["Offer", "OfferClass", "OfferQuestion", "OfferVersion"]
