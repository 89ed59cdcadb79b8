"""Recovery: what is deleted or overwritten comes back."""

from rampart_policy.configuration import Settings
from rampart_policy.facts import StoreVersioning, Versioning
from rampart_policy.registry import Severity, control
from rampart_policy.verdicts import Verdict


@control(
    id="store-keeps-versions",
    title="Stores keep what is overwritten or deleted",
    why="Without versions, a mistake or an extortionist's overwrite is final.",
    remediation="Turn versioning on; on Azure, blob soft delete too.",
    severity=Severity.MEDIUM,
    judges=Versioning,
)
def versions(versioning: Versioning, settings: Settings) -> Verdict:
    return versioning.enabled.must_be(True, "versioning turned on")


@control(
    id="bucket-has-versioning",
    title="Every store's versioning is configured",
    why="Where versioning is another resource, a store without it keeps nothing.",
    remediation="Declare BucketVersioning for the bucket, or BlobServiceProperties for the storage account.",
    severity=Severity.MEDIUM,
    judges=StoreVersioning,
)
def versioning_configuration(store: StoreVersioning, settings: Settings) -> Verdict:
    return store.configured.must_exist("a resource that configures its versioning")
