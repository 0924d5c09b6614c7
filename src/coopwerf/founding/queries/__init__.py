"""Every read of the yard that others may do."""

from .roadmap import EvidenceFacts, MomentFacts, StepFacts, StepWords, has_roadmap, roadmap, step_facts

__all__ = [
    "EvidenceFacts",
    "MomentFacts",
    "StepFacts",
    "StepWords",
    "has_roadmap",
    "roadmap",
    "step_facts",
]
