"""Outgoing mail goes through the outbox."""

from django.core.mail.backends.locmem import EmailBackend


class OutboxBackend(EmailBackend):
    """Keep outgoing mail."""
