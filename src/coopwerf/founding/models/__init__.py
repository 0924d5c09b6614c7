"""Tables of founding: the roadmap; profiles, partners and the directory; calls for help and what people offer."""

from .help import HelpCall, HelpMessage, HelpNotice, HelpOffer
from .project import DirectoryEntry, Partner, Project
from .roadmap import RoadmapStep, StepEvidence, StepMoment

__all__ = [
    "DirectoryEntry",
    "HelpCall",
    "HelpMessage",
    "HelpNotice",
    "HelpOffer",
    "Partner",
    "Project",
    "RoadmapStep",
    "StepEvidence",
    "StepMoment",
]
