"""What founding refuses and what its acts are called, in words."""

from coopwerf.kernel.refusals import register_sentences

from . import roadmap

for _topic in (roadmap,):
    register_sentences(_topic.REFUSALS, _topic.VERBS)
