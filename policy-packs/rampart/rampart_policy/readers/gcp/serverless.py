"""Google Cloud's serverless services: Cloud Run, functions, App Engine, and what calls and builds them."""

from collections.abc import Iterator

from rampart_policy.facts import ClearTextSecret, Direction, Fact, NetworkRule
from rampart_policy.readers import addresses, secrets
from rampart_policy.readers.gcp.identities import said_identity
from rampart_policy.readers.secret_words import is_secret
from rampart_policy.readers.table import (
    always,
    at,
    authenticated,
    automatic_address,
    both,
    each,
    empty,
    filled,
    guard_rail,
    negated,
    off,
    on,
    plain_url,
    plaintext,
    public_endpoint,
    says,
    service,
    set_,
    unless,
    variables,
    where,
)
from rampart_policy.registry import no_surface, reader
from rampart_policy.resources import Resource
from rampart_policy.values import Field, Node

no_surface(
    {
        "gcp:cloudrun/domainMapping:DomainMapping": "a name for a service, whose ingress is judged",
        "gcp:appengine/applicationUrlDispatchRules:ApplicationUrlDispatchRules": "which service answers what",
        "gcp:appengine/engineSplitTraffic:EngineSplitTraffic": "which version answers how often",
        "gcp:appengine/domainMapping:DomainMapping": "a name for an application, whose ingress is judged",
        "gcp:appengine/application:Application": "a region for services, whose ingress is judged",
        "gcp:apigateway/api:Api": "a name; its gateways are judged",
        "gcp:apigateway/apiConfig:ApiConfig": "what an API answers; its gateways are judged",
        "gcp:eventarc/trigger:Trigger": "sends events to a service, which is judged",
        "gcp:eventarc/channel:Channel": "a name for events",
        "gcp:workflows/workflow:Workflow": "calls services, in the name of an identity that is judged",
        "gcp:clouddeploy/deliveryPipeline:DeliveryPipeline": "an order of targets",
        "gcp:clouddeploy/target:Target": "a cluster or service that is deployed to; it is judged",
        "gcp:servicedirectory/namespace:Namespace": "names inside networks",
        "gcp:servicedirectory/service:Service": "a name inside networks",
        "gcp:servicedirectory/endpoint:Endpoint": "an address inside networks",
    }
)

IMAGES = set_(
    "binaryAuthorization.breakglassJustification", guard_rail(empty("binaryAuthorization.breakglassJustification"))
)
"""Breaking the glass deploys an image that the policy refuses."""


def _annotated(place: Node, name: str, default: str) -> Field[str]:
    """The first form of Cloud Run says its settings by annotations, whose names have dots in them."""
    return place.at("metadata.annotations").key(f"run.googleapis.com/{name}").text(default=default).map(str.lower)


service(
    "gcp:cloudrun/service:Service",
    public_endpoint(
        lambda place: _annotated(place, "ingress", "all").map(lambda name: not name.startswith("internal"))
    ),
    authenticated(lambda place: _annotated(place, "invoker-iam-disabled", "false").map(lambda off_: off_ != "true")),
    each("template.spec.containers", variables("envs")),
    said_identity("template.spec.serviceAccountName"),
)
service(
    "gcp:cloudrunv2/service:Service",
    public_endpoint(
        negated(says("ingress", "INGRESS_TRAFFIC_INTERNAL_ONLY", "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"))
    ),
    authenticated(off("invokerIamDisabled")),
    each("template.containers", variables("envs")),
    said_identity("template.serviceAccount"),
    IMAGES,
)
service(
    "gcp:cloudrunv2/job:Job",
    each("template.template.containers", variables("envs")),
    said_identity("template.template.serviceAccount"),
    IMAGES,
)
service(
    "gcp:cloudrunv2/workerPool:WorkerPool",
    each("template.containers", variables("envs")),
    said_identity("template.serviceAccount"),
    IMAGES,
)
service(
    "gcp:cloudfunctions/function:Function",
    where(
        on("triggerHttp"), public_endpoint(unless("ingressSettings", "ALLOW_INTERNAL_ONLY", "ALLOW_INTERNAL_AND_GCLB"))
    ),
    plaintext(says("httpsTriggerSecurityLevel", "SECURE_OPTIONAL")),
    variables("environmentVariables"),
    variables("buildEnvironmentVariables"),
    said_identity("serviceAccountEmail"),
)
service(
    "gcp:cloudfunctionsv2/function:Function",
    where(
        empty("eventTrigger"),
        public_endpoint(
            unless(
                "serviceConfig.ingressSettings", "ALLOW_INTERNAL_ONLY", "ALLOW_INTERNAL_AND_GCLB", default="ALLOW_ALL"
            )
        ),
    ),
    variables("serviceConfig.environmentVariables"),
    variables("buildConfig.environmentVariables"),
    said_identity("serviceConfig.serviceAccountEmail"),
)
service(
    "gcp:appengine/serviceNetworkSettings:ServiceNetworkSettings",
    public_endpoint(
        negated(
            says(
                "networkSettings.ingressTrafficAllowed",
                "INGRESS_TRAFFIC_ALLOWED_INTERNAL_ONLY",
                "INGRESS_TRAFFIC_ALLOWED_INTERNAL_AND_LB",
            )
        )
    ),
)
service(
    (
        "gcp:appengine/standardAppVersion:StandardAppVersion",
        "gcp:appengine/flexibleAppVersion:FlexibleAppVersion",
    ),
    variables("envVariables"),
    each("handlers", plaintext(says("securityLevel", "SECURE_NEVER", "SECURE_OPTIONAL"))),
    said_identity("serviceAccount"),
)


@reader("gcp:appengine/firewallRule:FirewallRule")
def app_firewall(made: Resource) -> Iterator[NetworkRule]:
    allows = made.at("action").text(default="").map(lambda action: action.upper() == "ALLOW")
    yield NetworkRule(
        direction=Field(Direction.INGRESS), allows=allows, peer=addresses.peer_field(made.at("sourceRange"))
    )


def _headers(place: Node) -> Iterator[Fact]:
    """A header that authenticates, written out."""
    for name, value in place.entries():
        if name.lower() in ("authorization", "x-api-key", "proxy-authorization", "cookie"):
            yield ClearTextSecret(present=value.text(default="").map(bool))
        else:
            yield from secrets.named(Field(name), value)
    if not place.given.known:
        yield from secrets.unknown(place)


def _assignment(node: Node) -> ClearTextSecret:
    """`NAME=value`."""
    pair = node.text(default="")
    return ClearTextSecret(present=pair.map(lambda text: is_secret(*text.partition("=")[::2])))


service(
    "gcp:cloudscheduler/job:Job",
    plaintext(plain_url("httpTarget.uri")),
    at("httpTarget.headers", _headers),
    at("appEngineHttpTarget.headers", _headers),
)
service("gcp:cloudtasks/queue:Queue", plaintext(says("httpTarget.uriOverride.scheme", "HTTP")))
service("gcp:cloudbuild/workerPool:WorkerPool", automatic_address(off("workerConfig.noExternalIp")))
service(
    "gcp:cloudbuild/trigger:Trigger",
    variables("substitutions"),
    said_identity("serviceAccount"),
    each("build.steps", lambda place: (_assignment(node) for node in place.key("envs").items())),
)
service("gcp:apigateway/gateway:Gateway", public_endpoint(always))
service(
    "gcp:identityplatform/config:Config",
    authenticated(off("signIn.anonymous.enabled")),
    where(
        both(on("signIn.email.enabled"), filled("signIn.email")),
        set_("signIn.email.passwordRequired", authenticated(on("signIn.email.passwordRequired"))),
    ),
)
