"""Cases of Azure's machines, applications, balancers, firewalls, roles and logs."""

from typing import Any

from rampart_policy.testing import UNKNOWN, Declared, passes, resource, secret, undecided, violates


def of(token: str, **properties: Any) -> Declared:
    return resource(f"azure-native:{token}", properties)


def machine(**properties: Any) -> Declared:
    """A hardened machine, but for `properties`."""
    hardened = {
        "osProfile": {"linuxConfiguration": {"disablePasswordAuthentication": True}},
        "securityProfile": {
            "encryptionAtHost": True,
            "securityType": "TrustedLaunch",
            "uefiSettings": {"secureBootEnabled": True, "vTpmEnabled": True},
        },
        "storageProfile": {"osDisk": {"managedDisk": {"diskEncryptionSet": {"id": "/d"}}}},
    }
    return of("compute:VirtualMachine", **{**hardened, **properties})


def scale_set(**profile: Any) -> Declared:
    return of("compute:VirtualMachineScaleSet", virtualMachineProfile=profile)


def app(*, token: str = "web:WebApp", site: Any = None, **properties: Any) -> Declared:
    hardened = {
        "httpsOnly": True,
        "publicNetworkAccess": "Disabled",
        "siteConfig": {"minTlsVersion": "1.2", **(site or {})},
    }
    return of(token, **{**hardened, **properties})


def container_app(*env: Any, **configuration: Any) -> Declared:
    return of("app:ContainerApp", configuration=configuration, template={"containers": [{"env": list(env)}]})


def gateway(*listeners: Any, **properties: Any) -> Declared:
    return of("network:ApplicationGateway", httpListeners=list(listeners), **properties)


def policy_rules(**collection: Any) -> Declared:
    return of(
        "network:FirewallPolicyRuleCollectionGroup", ruleCollections=[{"action": {"type": "Allow"}, **collection}]
    )


ADDRESS, FORWARD, BOOT, DEBUG = (
    "no-automatic-public-address",
    "no-packet-forwarding",
    "machine-boots-verified",
    "no-debug-access",
)
KEYED, ENCRYPTED, LOCAL, SECRET = (
    "store-uses-customer-key",
    "store-is-encrypted",
    "no-local-credentials",
    "no-clear-text-secret",
)
ENDPOINT, PLAIN, TLS, CORS = "no-public-endpoint", "no-plaintext-transport", "tls-1-2-or-later", "no-open-cross-origin"
INGRESS, EGRESS, PUBLIC, OPEN = (
    "no-open-ingress",
    "no-open-egress",
    "no-public-principal",
    "no-unauthenticated-access",
)
THREATS, CIPHER = "threat-detection-is-on", "no-weak-cipher"
ROTATES = "key-rotates-every-90-days"
PUBLIC_IP = {"ipConfigurations": [{"name": "a", "publicIPAddressConfiguration": {"name": "p"}}]}
FRONT = {"frontendIPConfigurations": [{"publicIPAddress": {"id": UNKNOWN}}]}

CASES = [
    violates(ADDRESS, machine(networkProfile={"networkInterfaceConfigurations": [PUBLIC_IP]}), at="networkProfile"),
    violates(
        ADDRESS, scale_set(networkProfile={"networkInterfaceConfigurations": [PUBLIC_IP]}), at="Configurations[0]"
    ),
    violates(ADDRESS, of("network:NetworkInterface", ipConfigurations=[{"publicIPAddress": {"id": "/p"}}]), at="[0]"),
    violates(ADDRESS, of("network/v20230901:LoadBalancer", **FRONT, loadBalancingRules=[{"name": "r"}]), at="[0]"),
    violates(ADDRESS, gateway(**FRONT), at="frontendIPConfigurations[0].publicIPAddress"),
    violates(ADDRESS, of("batch:Pool", networkConfiguration={"subnetId": "/s"}), at="provision"),
    passes(ADDRESS, machine()),
    passes(ADDRESS, of("network:LoadBalancer", frontendIPConfigurations=[{"subnet": {"id": "/s"}}])),
    passes(ADDRESS, of("network:LoadBalancer", **FRONT, outboundRules=[{"name": "out"}])),
    undecided(ADDRESS, of("network:NetworkInterface", ipConfigurations=[{"publicIPAddress": UNKNOWN}])),
    violates(
        "no-network-address-translation", of("network:LoadBalancer", **FRONT, outboundRules=[{"name": "o"}]), at="[0]"
    ),
    violates(FORWARD, of("network:NetworkInterface", enableIPForwarding=True), at="enableIPForwarding"),
    passes(FORWARD, of("network:NetworkInterface", enableIPForwarding=False)),
    violates(BOOT, machine(securityProfile={"uefiSettings": {"secureBootEnabled": False}}), at="secureBootEnabled"),
    violates(BOOT, machine(securityProfile={"securityType": "Standard"}), at="securityProfile.securityType"),
    passes(BOOT, machine()),
    violates(KEYED, machine(storageProfile={"osDisk": {"createOption": "FromImage"}}), at="storageProfile.osDisk"),
    violates(
        KEYED,
        machine(
            storageProfile={"osDisk": {"createOption": "Attach"}, "dataDisks": [{"createOption": "Empty", "lun": 0}]}
        ),
        at="storageProfile.dataDisks[0]",
    ),
    passes(KEYED, machine()),
    passes(KEYED, machine(storageProfile={"osDisk": {"createOption": "attach"}})),
    violates(ENCRYPTED, scale_set(securityProfile={"encryptionAtHost": False}), at="encryptionAtHost"),
    passes(ENCRYPTED, machine()),
    violates(LOCAL, machine(osProfile={"linuxConfiguration": {"provisionVMAgent": True}}), at="disablePassword"),
    violates(LOCAL, machine(osProfile={"adminPassword": secret("hunter22")}), at="osProfile.adminPassword"),
    violates(LOCAL, of("web:WebAppFtpAllowed", allow=True), at="allow"),
    passes(LOCAL, machine()),
    passes(
        LOCAL, machine(osProfile={"adminPassword": secret("hunter22"), "windowsConfiguration": {"timeZone": "UTC"}})
    ),
    violates(
        SECRET,
        machine(osProfile={"customData": "IyEvYmluL3NoCmV4cG9ydCBEQl9QQVNTV09SRD1odW50ZXIyMgo="}),
        at="customData",
    ),
    violates(
        SECRET,
        of("compute:VirtualMachineExtension", settings={"commandToExecute": "run --password hunter22"}),
        at="settings.commandToExecute",
    ),
    violates(SECRET, app(site={"appSettings": [{"name": "DB_PASSWORD", "value": "hunter22"}]}), at="appSettings[0]"),
    violates(
        SECRET,
        app(site={"connectionStrings": [{"name": "db", "connectionString": "Server=s;Password=hunter22"}]}),
        at="connectionStrings[0].connectionString",
    ),
    violates(SECRET, of("web:WebAppApplicationSettings", properties={"API_KEY": "abc123"}), at="properties.API_KEY"),
    violates(SECRET, container_app({"name": "TOKEN", "value": "abc123"}), at="env[0].value"),
    violates(SECRET, container_app(secrets=[{"name": "s", "value": "hunter22"}]), at="configuration.secrets[0].value"),
    violates(
        SECRET,
        of(
            "containerinstance:ContainerGroup",
            containers=[{"environmentVariables": [{"name": "PWD_DB_PASSWORD", "value": "x1y2"}]}],
        ),
        at="environmentVariables[0].value",
    ),
    violates(SECRET, of("apimanagement:NamedValue", displayName="api-key", value="abc123"), at="value"),
    violates(SECRET, of("network:VirtualNetworkGatewayConnection", sharedKey="hunter22"), at="sharedKey"),
    passes(
        SECRET,
        app(site={"appSettings": [{"name": "DB_PASSWORD", "value": "@Microsoft.KeyVault(SecretUri=https://v)"}]}),
    ),
    violates(
        SECRET,
        of("compute:VirtualMachineExtension", settings={"fileUris": ["https://a.example/x?sig=abcdefghijklmnopqrst"]}),
        at="settings.fileUris[0]",
    ),
    passes(SECRET, of("compute:VirtualMachineExtension", protectedSettings={"commandToExecute": "x --password y"})),
    passes(SECRET, container_app({"name": "TOKEN", "secretRef": "token"}, secrets=[{"name": "t", "keyVaultUrl": "u"}])),
    passes(SECRET, of("apimanagement:NamedValue", displayName="api-key", value="abc123", secret=True)),
    violates(ENDPOINT, app(publicNetworkAccess=None), at="publicNetworkAccess"),
    violates(ENDPOINT, container_app(ingress={"external": True}), at="configuration.ingress.external"),
    violates(ENDPOINT, of("app:ManagedEnvironment", vnetConfiguration={"internal": False}), at="vnetConfiguration"),
    violates(ENDPOINT, of("containerinstance:ContainerGroup", ipAddress={"type": "Public"}), at="ipAddress.type"),
    violates(
        ENDPOINT, of("apimanagement:ApiManagementService", virtualNetworkType="External"), at="virtualNetworkType"
    ),
    violates(ENDPOINT, of("cdn:AFDEndpoint", endpointName="e"), at="enabledState"),
    violates(ENDPOINT, of("frontdoor:FrontDoor", enabledState="Enabled"), at="enabledState"),
    violates(ENDPOINT, of("redhatopenshift:OpenShiftCluster", apiserverProfile={"visibility": "Public"}), at="visib"),
    passes(ENDPOINT, app()),
    passes(ENDPOINT, container_app(ingress={"external": False})),
    passes(ENDPOINT, of("containerinstance:ContainerGroup", ipAddress={"type": "Private"})),
    passes(ENDPOINT, of("apimanagement:ApiManagementService", virtualNetworkType="Internal")),
    violates(PLAIN, app(httpsOnly=False), at="httpsOnly"),
    violates(PLAIN, app(token="web:WebAppSlot", httpsOnly=None), at="httpsOnly"),
    violates(PLAIN, app(site={"ftpsState": "AllAllowed"}), at="siteConfig.ftpsState"),
    violates(PLAIN, container_app(ingress={"allowInsecure": True}), at="allowInsecure"),
    violates(
        PLAIN, of("cdn:Route", supportedProtocols=["Http", "Https"], httpsRedirect="Disabled"), at="httpsRedirect"
    ),
    violates(PLAIN, of("apimanagement:Api", protocols=["https", "http"]), at="protocols[1]"),
    violates(PLAIN, gateway({"name": "plain", "protocol": "Http"}), at="httpListeners[0].protocol"),
    violates(
        PLAIN, of("monitor:ActionGroup", webhookReceivers=[{"serviceUri": "http://hook.example"}]), at="serviceUri"
    ),
    passes(PLAIN, app()),
    passes(PLAIN, of("cdn:Route", supportedProtocols=["Http", "Https"], httpsRedirect="Enabled")),
    passes(
        PLAIN,
        gateway(
            {"name": "plain", "protocol": "Http"},
            {"name": "tls", "protocol": "Https"},
            requestRoutingRules=[
                {"httpListener": {"id": "/x/httpListeners/plain"}, "redirectConfiguration": {"id": "r"}}
            ],
        ),
    ),
    violates(TLS, app(site={"minTlsVersion": "1.0"}), at="siteConfig.minTlsVersion"),
    violates(TLS, gateway(sslPolicy={"minProtocolVersion": "TLSv1_0"}), at="sslPolicy.minProtocolVersion"),
    violates(TLS, gateway(sslPolicy={"policyName": "AppGwSslPolicy20150501"}), at="sslPolicy.policyName"),
    violates(
        TLS,
        of(
            "apimanagement:ApiManagementService",
            customProperties={"Microsoft.WindowsAzure.ApiManagement.Gateway.Security.Protocols.Tls10": "true"},
        ),
        at="Tls10",
    ),
    passes(TLS, app()),
    passes(TLS, gateway(sslPolicy={"policyName": "AppGwSslPolicy20220101S"})),
    violates(CORS, app(site={"cors": {"allowedOrigins": ["*"]}}), at="cors.allowedOrigins[0]"),
    violates(DEBUG, app(site={"remoteDebuggingEnabled": True}), at="remoteDebuggingEnabled"),
    violates(DEBUG, of("network:BastionHost", enableShareableLink=True), at="enableShareableLink"),
    violates(
        "no-public-endpoint",
        of("network:BastionHost", ipConfigurations=[{"name": "a", "publicIPAddress": {"id": "p"}}]),
        at="type",
    ),
    passes("no-public-endpoint", of("network:BastionHost", ipConfigurations=[{"name": "a", "subnet": {"id": "s"}}])),
    violates(
        "no-plaintext-transport", of("trafficmanager:Profile", monitorConfig={"protocol": "HTTP"}), at="monitorConfig"
    ),
    violates(
        "no-exported-key",
        of("keyvault:Key", properties={"attributes": {"exportable": True}}),
        at="attributes.exportable",
    ),
    passes("no-exported-key", of("keyvault:Key", properties={"attributes": {"exportable": False}})),
    violates(
        INGRESS, app(site={"ipSecurityRestrictions": [{"ipAddress": "0.0.0.0/0", "action": "Allow"}]}), at="ipAddress"
    ),
    violates(
        INGRESS,
        policy_rules(
            ruleCollectionType="FirewallPolicyNatRuleCollection",
            rules=[{"sourceAddresses": ["*"], "destinationAddresses": ["203.0.113.1"]}],
        ),
        at="sourceAddresses[0]",
    ),
    violates(
        INGRESS,
        of("network:AdminRule", access="AlwaysAllow", direction="Inbound", sources=[{"addressPrefix": "Internet"}]),
        at="sources[0].addressPrefix",
    ),
    passes(INGRESS, app(site={"ipSecurityRestrictions": [{"ipAddress": "203.0.113.0/24", "action": "Allow"}]})),
    violates(EGRESS, policy_rules(rules=[{"destinationAddresses": ["*"]}]), at="destinationAddresses[0]"),
    violates(EGRESS, policy_rules(rules=[{"targetFqdns": ["*"]}]), at="targetFqdns[0]"),
    violates(
        EGRESS,
        of(
            "network:AzureFirewall",
            networkRuleCollections=[{"action": {"type": "Allow"}, "rules": [{"destinationAddresses": ["0.0.0.0/0"]}]}],
        ),
        at="rules[0].destinationAddresses[0]",
    ),
    passes(EGRESS, policy_rules(rules=[{"targetFqdns": ["api.example.com"], "sourceAddresses": ["10.0.0.0/8"]}])),
    passes(EGRESS, policy_rules(action={"type": "Deny"}, rules=[{"destinationAddresses": ["*"]}])),
    violates(PUBLIC, of("network:PrivateLinkService", visibility={"subscriptions": ["*"]}), at="visibility"),
    violates(PUBLIC, of("network:PrivateLinkService", autoApproval={"subscriptions": ["*"]}), at="autoApproval"),
    violates(PUBLIC, of("compute:Gallery", sharingProfile={"permissions": "Community"}), at="permissions"),
    passes(PUBLIC, of("network:PrivateLinkService", visibility={"subscriptions": ["s"]}, autoApproval={})),
    violates(
        OPEN,
        of("web:WebAppAuthSettingsV2", globalValidation={"unauthenticatedClientAction": "AllowAnonymous"}),
        at="globalValidation",
    ),
    violates(OPEN, of("web:WebAppFunction", config={"bindings": [{"authLevel": "anonymous"}]}), at="authLevel"),
    violates(OPEN, of("apimanagement:Api", subscriptionRequired=False), at="subscriptionRequired"),
    passes(OPEN, of("web:WebAppFunction", config={"bindings": [{"authLevel": "function"}, {"type": "http"}]})),
    violates(THREATS, of("network:AzureFirewall", threatIntelMode="Off"), at="threatIntelMode"),
    violates(
        THREATS, of("network:WebApplicationFirewallPolicy", policySettings={"mode": "Detection"}), at="policySettings"
    ),
    passes(THREATS, of("security:Pricing", pricingTier="Standard")),
    violates(CIPHER, gateway(sslPolicy={"cipherSuites": ["TLS_RSA_WITH_AES_128_CBC_SHA"]}), at="cipherSuites[0]"),
    violates(CIPHER, of("network:VpnConnection", ipsecPolicies=[{"ikeEncryption": "DES3"}]), at="ikeEncryption"),
    passes(CIPHER, gateway(sslPolicy={"cipherSuites": ["TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"]})),
    violates(ROTATES, of("compute:DiskEncryptionSet", activeKey={"keyUrl": "u"}), at="rotationToLatestKeyVersion"),
    passes(ROTATES, of("compute:DiskEncryptionSet", rotationToLatestKeyVersionEnabled=True)),
    violates("no-internet-gateway", of("network:VpnGateway", virtualHub={"id": "/h"}), at="type"),
]
