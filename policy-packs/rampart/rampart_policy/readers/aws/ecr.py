"""Amazon ECR: registries of images, who pulls from them, and where they are copied."""

from collections.abc import Iterator

from rampart_policy.facts import (
    CrossTenantReplication,
    EncryptionAtRest,
    Fact,
    ImageTags,
)
from rampart_policy.readers.aws.aspects import forced, own_key
from rampart_policy.readers.aws.policies import own_accounts, policy
from rampart_policy.readers.table import always, anonymous, on, service, set_, threat_detection
from rampart_policy.registry import no_surface, reader
from rampart_policy.resources import Resource
from rampart_policy.values import Field, Node, combine

no_surface(
    {
        "aws:ecr/accountSetting:AccountSetting": "names of scan types and policy scopes",
        "aws:ecr/lifecyclePolicy:LifecyclePolicy": "when images go, not who reads them",
        "aws:ecr/pullThroughCacheRule:PullThroughCacheRule": "fetches images; its credentials are in Secrets Manager",
        "aws:ecr/pullTimeUpdateExclusion:PullTimeUpdateExclusion": "whose pulls are not counted",
        "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration": "when images are scanned",
    }
)


def _encryption(place: Node) -> Iterator[Fact]:
    """With no configuration, and with AES256, the keys are Amazon's own."""
    block = place.key("encryptionConfigurations")
    kind = block.key("encryptionType").text(default="AES256")
    yield EncryptionAtRest(
        customer_key=combine(lambda name, own: name.startswith("KMS") and own, kind, own_key("kmsKey")(block))
    )


def _tags(place: Node) -> Iterator[Fact]:
    """Exclusions leave single tags movable; one for every tag leaves nothing fixed."""
    setting = place.key("imageTagMutability").text(default="MUTABLE")
    filters = [item.key("filter").text(default="") for item in place.key("imageTagMutabilityExclusionFilters").items()]
    yield ImageTags(
        mutable=combine(
            lambda name, *texts: name.startswith("MUTABLE") or any(not text.strip("*") for text in texts),
            setting,
            *filters,
        )
    )


service(
    "aws:ecr/repository:Repository",
    _encryption,
    _tags,
    forced(on("forceDelete")),
    set_("imageScanningConfiguration", threat_detection(on("imageScanningConfiguration.scanOnPush"))),
)
service(
    "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate",
    _encryption,
    _tags,
    also=(policy("repositoryPolicy"),),
)
service(
    (
        "aws:ecr/repositoryPolicy:RepositoryPolicy",
        "aws:ecr/registryPolicy:RegistryPolicy",
        "aws:ecrpublic/repositoryPolicy:RepositoryPolicy",
    ),
    also=(policy("policy"),),
)
service("aws:ecrpublic/repository:Repository", anonymous(always))


@reader("aws:ecr/replicationConfiguration:ReplicationConfiguration")
def replication(made: Resource) -> Iterator[Fact]:
    own = own_accounts(made)
    for rule in made.at("replicationConfiguration.rules").items():
        for destination in rule.key("destinations").items():
            account = destination.key("registryId").text(default="")
            yield CrossTenantReplication(
                possible=account.map(lambda name: bool(own) and name not in own) if own else Field(False)
            )
