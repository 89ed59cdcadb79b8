"""ECR: what the repositories of an account's registry will be like, and what it mirrors."""

from simulator.aws.iam import ROLE, trusts
from simulator.aws.keys import denied
from simulator.cloud import Name, Operation, Ref, ResourceType, Source
from simulator.rules import key_use, one_of, rule

_API, _SDK = Source("ECR API reference", "D"), Source("pulumi-aws SDK text", "S")
_GUIDE = Source("ECR User Guide", "D")
_KINDS = ("PullThroughCacheRule", "RepositoryCreationTemplate", "RegistryScanningConfiguration")
MIRROR, TEMPLATE, SCANNING = (f"aws:ecr/{kind[0].lower()}{kind[1:]}:{kind}" for kind in _KINDS)
OPEN = ("public.ecr.aws", "quay.io", "registry.k8s.io")
_INVALID, _TAKEN = "InvalidParameterException", "AlreadyExistsException"
_PATH = r"(?=.{2,%d}$)([a-z0-9]+([._-][a-z0-9]+)*/)*[a-z0-9]+([._-][a-z0-9]+)*"
_MIRROR_NAME = Name(
    "ecrRepositoryPrefix", _API, _PATH % 30, _INVALID, "{account}/{region}/{ecrRepositoryPrefix}",
    "PullThroughCacheRule" + _TAKEN, auto=None,
)  # fmt: skip
_TEMPLATE_NAME = Name(
    "prefix", _API, "ROOT|" + _PATH % 256, _INVALID, "{account}/{region}/{prefix}", "Template" + _TAKEN, auto=None
)
_ROLE = Ref("customRoleArn", ROLE, _INVALID, _API, by=("arn",), anywhere=True)
_HAS = {"registryId": "{account}", "region": "{region}"}
TYPES = (
    ResourceType(MIRROR, 2, "{ecrRepositoryPrefix}", _HAS, ("*",), name=_MIRROR_NAME),
    ResourceType(TEMPLATE, 2, "{prefix}", _HAS, ("prefix",), (_ROLE,), _TEMPLATE_NAME),
    ResourceType(SCANNING, 2, "{account}", _HAS),
)


@rule(MIRROR, "UnsupportedUpstreamRegistryException", _API, property_="upstreamRegistryUrl")
def _upstream(operation: Operation) -> str | None:
    """Registries but the open ones (public ECR, Quay, Kubernetes) need a secret with credentials."""
    url = str(operation.one("upstreamRegistryUrl"))
    known = url in OPEN or url.endswith(".amazonaws.com") or "credentialArn" in operation.inputs
    return None if known else f"the upstream registry {url} needs `credentialArn`"


@rule(TEMPLATE, _INVALID, _SDK, property_="customRoleArn")
def _maker(operation: Operation) -> str | None:
    """With a key or tags, it has a role that ECR may assume."""
    keyed = operation.one("encryptionConfigurations.encryptionType") in ("KMS", "KMS_DSSE")
    role, own = operation.one("customRoleArn"), {"aws:SourceAccount": operation.account}
    if not (keyed or operation.one("resourceTags")):
        return None
    if role is None:
        return "a custom role is needed for encryption with KMS, and for tags"
    return None if trusts(operation, str(role), "ecr", own) else f"ECR may not assume {role}"


def _use(operation: Operation, key: str) -> str | None:
    return denied(operation, key, "ecr", ("CreateGrant", "DescribeKey", "RetireGrant"))


_FEATURES = ("CREATE_ON_PUSH", "PULL_THROUGH_CACHE", "REPLICATION")
_TAGS = ("IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION", "MUTABLE", "MUTABLE_WITH_EXCLUSION")
RULES = (
    *(_upstream, _maker),
    key_use(TEMPLATE, "encryptionConfigurations.kmsKey", _use, "KmsException", _GUIDE),
    one_of(TEMPLATE, "appliedFors", _FEATURES, _INVALID, _SDK),
    one_of(TEMPLATE, "imageTagMutability", _TAGS, _INVALID, _SDK),
    one_of(SCANNING, "scanType", ("BASIC", "ENHANCED"), _INVALID, _SDK),
)
