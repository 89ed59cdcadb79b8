"""Cases of types that nobody has reviewed, judged by what their properties are called."""

import json
from typing import Any

from rampart_policy.testing import UNKNOWN, Declared, passes, resource, secret, undecided, violates


def aws(**properties: Any) -> Declared:
    return resource("aws:madeup/thing:Thing", properties)


def azure(**properties: Any) -> Declared:
    return resource("azure-native:madeup:Thing", properties)


def gcp(**properties: Any) -> Declared:
    return resource("gcp:madeup/thing:Thing", properties)


def document(**statement: Any) -> str:
    return json.dumps({"Statement": {"Effect": "Allow", "Action": "a:Get", "Resource": "arn:aws:a:::b", **statement}})


CASES = [
    violates("no-public-endpoint", aws(publiclyAccessible=True), at="publiclyAccessible"),
    violates("no-public-endpoint", azure(properties={"publicNetworkAccess": "Enabled"}), at="publicNetworkAccess"),
    violates("no-public-endpoint", gcp(networkConfig={"enablePublicIp": True}), at="networkConfig.enablePublicIp"),
    passes("no-public-endpoint", azure(publicNetworkAccess="Disabled"), aws(publiclyAccessible=False)),
    undecided("no-public-endpoint", azure(publicNetworkAccess=UNKNOWN)),
    violates("no-local-credentials", azure(disableLocalAuth=False), at="disableLocalAuth"),
    passes("no-local-credentials", azure(disableLocalAuth=True)),
    violates("no-anonymous-access", gcp(allowUnauthenticated=True), at="allowUnauthenticated"),
    violates("no-unauthenticated-access", aws(authorizationType="NONE"), at="authorizationType"),
    violates("no-plaintext-transport", azure(httpsOnly=False), at="httpsOnly"),
    violates("no-plaintext-transport", aws(listeners=[{"protocol": "HTTP"}]), at="listeners[0].protocol"),
    passes("no-plaintext-transport", aws(listeners=[{"protocol": "HTTPS"}], httpsOnly=True)),
    violates("no-plaintext-connection", gcp(targetUrl="http://example.org/"), at="targetUrl"),
    violates("tls-1-2-or-later", azure(minimumTlsVersion="TLS1_0"), at="minimumTlsVersion"),
    passes("tls-1-2-or-later", azure(minimumTlsVersion="TLS1_2")),
    violates("store-is-encrypted", aws(storageEncrypted=False), at="storageEncrypted"),
    violates("no-clear-text-secret", aws(config={"adminPassword": "hunter2hunter2"}), at="config.adminPassword"),
    passes("no-clear-text-secret", aws(config={"adminPassword": secret("hunter2hunter2")})),
    violates("no-open-ingress", aws(whitelists=[{"source": "0.0.0.0/0"}]), at="whitelists[0].source"),
    violates("no-open-ingress", gcp(allowedCidrs=["10.0.0.0/8", "::/0"]), at="allowedCidrs[1]"),
    passes("no-open-ingress", gcp(allowedCidrs=["10.0.0.0/8"])),
    violates("no-open-cross-origin", aws(cors={"allowedOrigins": ["*"]}), at="allowedOrigins[0]"),
    violates("no-public-principal", aws(resourcePolicy=document(Principal="*")), at="resourcePolicy.Statement"),
    passes("no-public-principal", aws(resourcePolicy=document(Principal={"Service": "a.amazonaws.com"}))),
    violates("no-wildcard-action", aws(policy=document(Action="*")), at="policy.Statement.Action"),
    passes("no-wildcard-action", aws(policy="not a document", deletionPolicy="Retain")),
    violates("deletion-protection-is-on", gcp(deletionProtection=False), at="deletionProtection"),
    violates("no-forced-deletion", aws(forceDestroy=True), at="forceDestroy"),
    violates("unreviewed-type", azure(), at="type"),
    violates("no-opaque-manifest", resource("azure-native:resources:Deployment", {"properties": {}}), at="type"),
    violates("no-opaque-manifest", resource("gcp:deploymentmanager/deployment:Deployment"), at="type"),
]
