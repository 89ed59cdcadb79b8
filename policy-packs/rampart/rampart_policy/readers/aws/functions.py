"""AWS Lambda: who calls functions, and what is in their environment.

Lambda guide, "Using resource-based policies", "Control access to function URLs".
"""

from collections.abc import Iterator

from rampart_policy.facts import AccessGrant, Audience, Fact, Principal, ServiceTrust
from rampart_policy.readers.aws.aspects import variables
from rampart_policy.readers.aws.policies import audience, narrows, own_accounts, policy
from rampart_policy.readers.table import cross_origin, includes, service
from rampart_policy.registry import no_surface, reader
from rampart_policy.resources import Resource
from rampart_policy.values import Field, Node, either

no_surface(
    {
        "aws:lambda/alias:Alias": "a name for a version of a function",
        "aws:lambda/capacityProvider:CapacityProvider": "where functions run; its subnets and groups are judged",
        "aws:lambda/codeSigningConfig:CodeSigningConfig": "whose code runs: it only takes away",
        "aws:lambda/eventSourceMapping:EventSourceMapping": "what a function reads; the source is judged",
        "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": "how often a call is repeated",
        "aws:lambda/functionRecursionConfig:FunctionRecursionConfig": "whether loops are stopped",
        "aws:lambda/invocation:Invocation": "one call",
        "aws:lambda/layerVersion:LayerVersion": "code; who may use it is judged",
        "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig": "how many run at once",
        "aws:lambda/runtimeManagementConfig:RuntimeManagementConfig": "which runtime a function has",
    }
)

SCOPING = ("sourceAccount", "sourceArn", "principalOrgId")

service("aws:lambda/function:Function", variables("environment.variables"))
service("aws:lambda/resourcePolicy:ResourcePolicy", also=(policy("policy"),))


def _scoped(place: Node, *names: str) -> Field[bool]:
    """Whether one of the properties says for whose resource, and not for anybody's."""
    given = [narrows(place.key(name)) for name in names if not place.key(name).missing]
    return either(*given) if given else Field(False, names[0])


@reader("aws:lambda/permission:Permission")
def permission(made: Resource) -> Iterator[Fact]:
    """Services call for every customer: an S3 bucket or an API of another account too, unless one is named."""
    place, own = made.properties, own_accounts(made)
    text = place.key("principal").text(default="")
    scoped = _scoped(place, *SCOPING)
    yield AccessGrant(
        allows=Field(True), principal=text.map(lambda name: Principal(name, audience(name, own))), narrowed=scoped
    )
    yield ServiceTrust(
        allows=Field(True),
        deputy=text.map(lambda name: name.endswith((".amazonaws.com", ".amazon.com"))),
        scoped=scoped,
    )


@reader("aws:lambda/layerVersionPermission:LayerVersionPermission")
def layer_permission(made: Resource) -> Iterator[Fact]:
    own = own_accounts(made)
    who = made.at("principal").text(default="").map(lambda name: Principal(name, audience(name, own)))
    yield AccessGrant(allows=Field(True), principal=who, narrowed=_scoped(made.properties, "organizationId"))


def _open_url(place: Node) -> Iterator[Fact]:
    """A function URL is on the internet, and without authorization whoever finds it calls the function."""
    kind = place.key("authorizationType").text(default="NONE")
    yield AccessGrant(
        allows=kind.map(lambda name: name == "NONE"),
        principal=kind.map(lambda _: Principal("authorization NONE", Audience.EVERYONE)),
        narrowed=Field(False),
    )


service("aws:lambda/functionUrl:FunctionUrl", _open_url, cross_origin(includes("cors.allowOrigins", "*")))
