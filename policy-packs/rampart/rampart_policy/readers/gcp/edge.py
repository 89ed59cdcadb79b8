"""Google Cloud's rules and stores off the beaten track: Firebase, traffic policies, VMware, Apigee, and their like."""

import re
from collections.abc import Iterator

from rampart_policy.facts import AccessGrant, Audience, DefaultOutboundAccess, Direction, NetworkRule, Principal
from rampart_policy.readers import addresses, secrets
from rampart_policy.readers.table import (
    always,
    automatic_address,
    customer_key,
    filled,
    gives,
    off,
    oldest_tls,
    on,
    plaintext,
    public_endpoint,
    says,
    service,
    set_,
    weak_cipher,
    where,
)
from rampart_policy.registry import no_surface
from rampart_policy.values import Field, Node

_ALLOW = re.compile(r"allow\s+([\w\s,]+?)\s*(?::\s*if\s+([^;]+?)\s*)?;")
"""One statement of the Firebase security rules language; without a condition it allows everyone."""

outbound = gives(DefaultOutboundAccess, "enabled")

no_surface(
    {
        "gcp:cloudidentity/group:Group": "a list of people; what it may do is judged where it is given",
        "gcp:cloudidentity/groupMembership:GroupMembership": "puts somebody on a list",
        "gcp:dataform/repositoryReleaseConfig:RepositoryReleaseConfig": "when a repository is compiled",
        "gcp:firebase/project:Project": "turns Firebase on; its rules are judged",
        "gcp:firebase/webApp:WebApp": "a name for an application",
        "gcp:firebase/androidApp:AndroidApp": "a name for an application",
        "gcp:firebase/appleApp:AppleApp": "a name for an application",
        "gcp:firebaserules/release:Release": "says which rules hold; they are judged",
        "gcp:osconfig/patchDeployment:PatchDeployment": "when machines are patched",
        "gcp:securitycenter/notificationConfig:NotificationConfig": "who is told of what is found",
        "gcp:securitycenter/projectNotificationConfig:ProjectNotificationConfig": "who is told of what is found",
        "gcp:cloudids/endpoint:Endpoint": "looks for intruders",
        "gcp:networkmanagement/connectivityTest:ConnectivityTest": "asks whether packets would arrive",
        "gcp:dataplex/lake:Lake": "groups data; who may read it is IAM's",
        "gcp:dataplex/zone:Zone": "groups data; who may read it is IAM's",
        "gcp:datacatalog/taxonomy:Taxonomy": "labels for columns",
        "gcp:datacatalog/policyTag:PolicyTag": "a label for columns; who may read past it is IAM's",
    }
)


def _rules(place: Node) -> Iterator[AccessGrant]:
    """Who may read or write documents without having signed in."""
    for file in place.at("source.files").items():
        content = file.key("content").text(default="")
        everyone = content.map(_lets_everyone)
        who = everyone.map(lambda _: Principal("whoever asks", Audience.EVERYONE))
        yield AccessGrant(allows=everyone, principal=who, narrowed=Field(False, content.path))


def _lets_everyone(rules: str) -> bool:
    code = re.sub(r"//[^\n]*|/\*.*?\*/", "", rules, flags=re.DOTALL)
    return any((condition or "true").strip() == "true" for _, condition in _ALLOW.findall(code))


def _authorization(place: Node) -> Iterator[AccessGrant]:
    """An ALLOW without sources is for everyone, as is the principal `*`."""
    allows = place.key("action").text(default="").map(lambda action: action.upper() == "ALLOW")
    rules = list(place.key("rules").items())
    everyone = Principal("everyone", Audience.EVERYONE)
    for rule in rules:
        sources = list(rule.key("sources").items())
        for node in (node for source in sources for node in source.key("principals").items()):
            yield AccessGrant(allows=allows, principal=node.text(default="").map(_principal), narrowed=Field(False))
        if not sources:
            yield AccessGrant(allows=allows, principal=Field(everyone, f"{rule.path}.sources"), narrowed=Field(False))
    if not rules:
        yield AccessGrant(allows=allows, principal=Field(everyone, "rules"), narrowed=Field(False))


def _principal(text: str) -> Principal:
    return Principal(text, Audience.EVERYONE if text.strip() == "*" else Audience.NAMED)


def _external_access(place: Node) -> Iterator[NetworkRule]:
    allows = place.key("action").text(default="").map(lambda action: action.upper() == "ALLOW")
    for source in place.key("sourceIpRanges").items():
        for node in (source.key("ipAddress"), source.key("ipAddressRange")):
            if not node.missing:
                peer = addresses.peer_field(node)
                yield NetworkRule(direction=Field(Direction.INGRESS), allows=allows, peer=peer)


def _session(place: Node) -> Iterator[NetworkRule]:
    """A rule of a secure web proxy that lets every session through."""
    allows = place.key("basicProfile").text(default="").map(lambda profile: profile.upper() == "ALLOW")
    matcher = place.key("sessionMatcher")
    peer = matcher.text(default="true").map(
        lambda text: addresses.peer("*" if text.strip() == "true" else "named hosts")
    )
    yield NetworkRule(direction=Field(Direction.EGRESS), allows=allows, peer=peer)


service("gcp:firebaserules/ruleset:Ruleset", _rules)
service("gcp:networksecurity/authorizationPolicy:AuthorizationPolicy", _authorization)
service("gcp:networksecurity/serverTlsPolicy:ServerTlsPolicy", plaintext(on("allowOpen")))
service("gcp:networksecurity/gatewaySecurityPolicyRule:GatewaySecurityPolicyRule", where(on("enabled"), _session))
service(
    "gcp:networksecurity/tlsInspectionPolicy:TlsInspectionPolicy",
    set_("minTlsVersion", oldest_tls("minTlsVersion")),
    weak_cipher(says("tlsFeatureProfile", "PROFILE_COMPATIBLE")),
)
service("gcp:vmwareengine/externalAccessRule:ExternalAccessRule", _external_access)
service("gcp:vmwareengine/externalAddress:ExternalAddress", automatic_address(always))
service(
    "gcp:vmwareengine/networkPolicy:NetworkPolicy",
    outbound(on("internetAccess.enabled")),
    automatic_address(on("externalIp.enabled")),
)
service(
    "gcp:apigee/organization:Organization",
    where(says("runtimeType", "CLOUD", default="CLOUD"), customer_key(filled("runtimeDatabaseEncryptionKeyName"))),
)
service("gcp:apigee/instance:Instance", customer_key(filled("diskEncryptionKeyName")))
service(
    "gcp:securesourcemanager/instance:Instance",
    public_endpoint(off("privateConfig.isPrivate")),
    customer_key(filled("kmsKey")),
)
service("gcp:dataform/repository:Repository", customer_key(filled("kmsKeyName")))
service("gcp:parametermanager/parameter:Parameter", customer_key(filled("kmsKey")))
service("gcp:discoveryengine/dataStore:DataStore", customer_key(filled("kmsKeyName")))
service(
    "gcp:runtimeconfig/variable:Variable",
    lambda place: secrets.named(place.key("name").text(default=""), place.key("text"), marks=False),
)
