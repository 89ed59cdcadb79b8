"""The pack's entry point: the engine runs it with `python -m pulumi.policy`."""

from rampart_policy.server import serve

serve()
