"""Tables of founding: reports and comments; the roadmap; profiles, partners and the directory; calls for help."""

from .comments import (
    Comment,
    CommentEvent,
    CommentObjection,
)
from .help import (
    HelpCall,
    HelpMessage,
    HelpNotice,
    HelpOffer,
)
from .milestones import (
    MilestoneReached,
)
from .project import (
    DirectoryEntry,
    Partner,
    Project,
)
from .reports import (
    Report,
    ReportAuthor,
    ReportPicture,
    ReportTranslation,
    ReportVersion,
)
from .roadmap import (
    RoadmapStep,
    StepEvidence,
    StepMoment,
)

__all__ = [
    "Comment",
    "CommentEvent",
    "CommentObjection",
    "DirectoryEntry",
    "HelpCall",
    "HelpMessage",
    "HelpNotice",
    "HelpOffer",
    "MilestoneReached",
    "Partner",
    "Project",
    "Report",
    "ReportAuthor",
    "ReportPicture",
    "ReportTranslation",
    "ReportVersion",
    "RoadmapStep",
    "StepEvidence",
    "StepMoment",
]
