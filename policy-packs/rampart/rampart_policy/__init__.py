"""Rampart's policy pack: private, encrypted, least-privilege infrastructure, on any Pulumi program.

The modules, from what the engine sends to what it is told:

    wire, resources, values   what the engine sends, as resources whose properties may be unknown or secret
    readers                   what each type of resource *is*: facts
    facts                     the vocabulary that readers and controls share
    controls                  what must hold of facts: verdicts
    stack                     who refers to whom, for facts about several resources
    session                   one run: judges, remembers, applies exceptions
    analyzer, server          the engine's protocol
    configuration, waivers    the pack's own configuration
    testing                   for those who write controls
"""

__version__ = "0.1.0"
