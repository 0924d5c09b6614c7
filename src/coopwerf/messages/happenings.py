"""What happens to mail, for packages above."""

import dataclasses
import uuid


@dataclasses.dataclass(frozen=True, slots=True)
class MailUndeliverable:
    """A mail to a party was refused for good, or given up after days."""

    mail_id: uuid.UUID
    party_id: uuid.UUID | None
