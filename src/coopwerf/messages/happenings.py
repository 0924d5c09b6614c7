"""What happens to mail, for packages above."""

import dataclasses
import uuid


@dataclasses.dataclass(frozen=True, slots=True)
class MailUndeliverable:
    """A mail to a party was refused for good, or given up after days."""

    mail_id: uuid.UUID
    party_id: uuid.UUID | None


@dataclasses.dataclass(frozen=True, slots=True)
class ContactForgotten:
    """Somebody without an account is forgotten: whoever keeps something of theirs forgets it now."""

    coop_id: uuid.UUID
    contact_id: uuid.UUID
