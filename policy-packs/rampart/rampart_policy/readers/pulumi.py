"""Pulumi's own resources."""

from rampart_policy.registry import no_surface

no_surface({"pulumi:pulumi:StackReference": "reads another stack's outputs; makes nothing"})
