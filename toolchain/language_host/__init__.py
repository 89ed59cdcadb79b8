"""A Pulumi language host for Python, where the official one is not installed.

Speaks the engine's LanguageRuntime protocol (pulumi/language.proto). Programs are run by Pulumi's own
`pulumi-language-python-exec`, policy packs by `python -m pulumi.policy`, plugins by `pulumi.run.plugin`. The behaviour
is that of the official host, sdk/python/cmd/pulumi-language-python in github.com/pulumi/pulumi; each module names what
it leaves out. The folder is copied into the cache, so it imports nothing of Rampart.
"""

# The release of the CLI that this host goes with; a test holds it to go.mod. The suffix tells it from the official one.
VERSION = "3.259.0+rampart"
