"""What founding refuses and what its acts are called, in words."""

from coopwerf.kernel.refusals import register_sentences

from . import help, project, roadmap

for _topic in (help, project, roadmap):
    register_sentences(_topic.REFUSALS, _topic.VERBS)
