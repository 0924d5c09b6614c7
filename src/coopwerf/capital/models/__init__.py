"""Tables of capital: offers with their versions, classes and questions; subscriptions with their events and money."""

from .offers import Offer, OfferClass, OfferQuestion, OfferVersion
from .subscriptions import Subscription, SubscriptionEvent, SubscriptionPayment

__all__ = [
    "Offer",
    "OfferClass",
    "OfferQuestion",
    "OfferVersion",
    "Subscription",
    "SubscriptionEvent",
    "SubscriptionPayment",
]
