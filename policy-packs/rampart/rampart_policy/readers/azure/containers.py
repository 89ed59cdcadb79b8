"""Azure's containers outside its clusters: Container Apps, Container Instances, registries, OpenShift."""

from collections.abc import Iterator

from rampart_policy.facts import ClearTextSecret, Permission
from rampart_policy.readers import secrets
from rampart_policy.readers.azure.endpoints import CLOSED, listens
from rampart_policy.readers.azure.web import restrictions
from rampart_policy.readers.table import (
    Aspect,
    admits,
    anonymous,
    at,
    both,
    cross_origin,
    customer_key,
    each,
    filled,
    includes,
    local_credentials,
    off,
    on,
    plain_url,
    plaintext,
    public_endpoint,
    says,
    secret_in_clear,
    service,
    set_,
    unless,
    variables,
)
from rampart_policy.registry import no_surface
from rampart_policy.values import Field, Node

no_surface(
    {
        "azure-native:app:Certificate": "a certificate; its key is a secret of the program's",
        "azure-native:app:ManagedCertificate": "a certificate that Azure makes and renews",
        "azure-native:app:DaprComponent": "settings of a building block; its secrets are references",
        "azure-native:app:ManagedEnvironmentsStorage": "joins an environment with a share",
        "azure-native:containerregistry:CacheRule": "which images of others a registry keeps",
        "azure-native:containerregistry:CredentialSet": "which secrets of a vault a registry reads",
        "azure-native:containerregistry:Replication": "a copy of a registry, under its rules",
        "azure-native:containerregistry:AgentPool": "machines that build",
    }
)


def _app_secrets(place: Node) -> Iterator[ClearTextSecret]:
    """Secrets that the program writes out; the others are a vault's."""
    for entry in place.at("configuration.secrets").items():
        yield secrets.unmarked(entry.key("value"))


TEMPLATE: tuple[Aspect, ...] = (
    each("template.containers", variables("env")),
    each("template.initContainers", variables("env")),
    _app_secrets,
)

service(
    "azure-native:app:ContainerApp",
    public_endpoint(on("configuration.ingress.external")),
    each("configuration.ingress.additionalPortMappings", public_endpoint(on("external"))),
    plaintext(on("configuration.ingress.allowInsecure")),
    at("configuration.ingress", restrictions("ipSecurityRestrictions")),
    cross_origin(includes("configuration.ingress.corsPolicy.allowedOrigins", "*")),
    *TEMPLATE,
)
service("azure-native:app:Job", *TEMPLATE)
service(
    "azure-native:app:ManagedEnvironment",
    public_endpoint(both(off("vnetConfiguration.internal"), unless("publicNetworkAccess", *CLOSED))),
    set_("peerTrafficConfiguration.encryption", plaintext(off("peerTrafficConfiguration.encryption.enabled"))),
)
service(
    "azure-native:containerinstance:ContainerGroup",
    public_endpoint(says("ipAddress.type", "Public")),
    each("containers", variables("environmentVariables")),
    each("initContainers", variables("environmentVariables")),
)


def _scope_map(place: Node) -> Iterator[Permission]:
    """`repositories/*/content/write`: an action on every repository."""
    for node in place.key("actions").items():
        text = node.text(default="")
        yield Permission(
            allows=Field(True),
            every_action=text.map(lambda action: action.strip() == "*"),
            every_resource=text.map(
                lambda action: action.startswith("repositories/*/") and not action.endswith("/read")
            ),
            narrowed=Field(False, node.path),
        )


service(
    "azure-native:containerregistry:Registry",
    listens(acl="networkRuleSet"),
    admits("networkRuleSet.ipRules", "iPAddressOrRange"),
    local_credentials(on("adminUserEnabled")),
    anonymous(on("anonymousPullEnabled")),
    customer_key(
        both(unless("encryption.status", "disabled"), filled("encryption.keyVaultProperties.keyIdentifier")),
    ),
)
service("azure-native:containerregistry:ScopeMap", _scope_map)
service("azure-native:containerregistry:Token", local_credentials(unless("status", "disabled")))
service("azure-native:containerregistry:Webhook", plaintext(plain_url("serviceUri")))
service(
    "azure-native:redhatopenshift:OpenShiftCluster",
    public_endpoint(unless("apiserverProfile.visibility", "Private", default="Public")),
    each("ingressProfiles", public_endpoint(unless("visibility", "Private", default="Public"))),
    customer_key(filled("masterProfile.diskEncryptionSetId")),
    secret_in_clear(filled("servicePrincipalProfile.clientSecret")),
)
