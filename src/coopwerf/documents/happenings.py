"""What happens to documents, for packages above."""

import dataclasses
import uuid


@dataclasses.dataclass(frozen=True, slots=True)
class DocumentMade:
    """The file of a document is there."""

    coop_id: uuid.UUID
    document_id: uuid.UUID
    kind: str
    party_id: uuid.UUID | None


@dataclasses.dataclass(frozen=True, slots=True)
class DocumentFailed:
    """A document could not be made, for the reason of a refusal code."""

    coop_id: uuid.UUID
    document_id: uuid.UUID
    kind: str
    party_id: uuid.UUID | None
    reason: str
