"""Coverage: what the pack does not know is not taken on trust."""

from rampart_policy.configuration import Settings
from rampart_policy.facts import OpaqueManifest, Review
from rampart_policy.registry import Level, Severity, control
from rampart_policy.verdicts import Verdict


@control(
    id="unreviewed-type",
    title="Every resource's type has been reviewed",
    why="A type that the pack has no reader for can be public, open and unencrypted, and nothing would say so.",
    remediation="Add a reader for the type, or list it with its reason as one with no security surface "
    "(README.md: add a reader).",
    severity=Severity.HIGH,
    judges=Review,
    level=Level.ADVISORY,
)
def unreviewed_type(review: Review, settings: Settings) -> Verdict:
    return review.reviewed.must_be(True, "a reader, or a stated reason to need none")


@control(
    id="no-opaque-manifest",
    title="What is made in a cluster can be seen before it is made",
    why="A chart or a repository says tomorrow what nobody reviewed today, and neither the preview nor this pack "
    "sees it.",
    remediation="Render the chart into the program (a local copy), or give an exception for this one with its version.",
    severity=Severity.HIGH,
    judges=OpaqueManifest,
)
def opaque_manifest(manifest: OpaqueManifest, settings: Settings) -> Verdict:
    return manifest.opaque.must(lambda opaque: not opaque, "objects that the program declares, or local files")
