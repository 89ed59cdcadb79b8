"""A simulated Google Cloud project with one of everything, for the tests of its rules."""

from itertools import count
from typing import Any

from simulator.gcp import CLOUD
from simulator.gcp.bucket import BUCKET
from simulator.gcp.dns import RECORD, ZONE
from simulator.gcp.endpoint import ADDRESS, ENDPOINT
from simulator.gcp.identity import ACCOUNT, IDENTITY
from simulator.gcp.keys import KEY, MEMBER, RING
from simulator.gcp.logs import LOG_BUCKET, SINK
from simulator.gcp.network import ASSOCIATION, NETWORK, POLICY, ROUTE, RULE, SUBNET
from simulator.gcp.sql import INSTANCE, USER
from simulator.rules import of_cloud
from simulator.values import Props
from tests.simulator.conftest import Connect, Engine

SERVICE = "gcp:projects/service:Service"
LOOK_UP = "gcp:storage/getProjectServiceAccount:getProjectServiceAccount"
CMEK_SETTINGS = "gcp:logging/getProjectCmekSettings:getProjectCmekSettings"
AGENT = "service-424242424242@gs-project-accounts.iam.gserviceaccount.com"
USE = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
ON_REQUEST = {"gcp-sa-cloud-sql": "sqladmin", "gcp-sa-memorystore": "memorystore"}
ON_REQUEST |= {"gcp-sa-secretmanager": "secretmanager", "gcp-sa-artifactregistry": "artifactregistry"}
URL = "https://www.googleapis.com/compute/v1/projects/rampart-demo/global"
SERVICES = (
    *("compute", "cloudkms", "storage", "dns", "iam", "logging", "sqladmin", "artifactregistry", "container"),
    *("cloudresourcemanager", "memorystore", "monitoring", "networkconnectivity", "secretmanager"),
)
OWN = "own-account@rampart-demo.iam.gserviceaccount.com"


def codes(*types: str) -> dict[str, str]:
    """The code of every rule of these types alone, by rule; with no types, of the rules that hold for several."""
    return {rule.id: rule.code for rule in of_cloud(CLOUD) if rule.tokens[1:] == () and rule.tokens[0] in types} or {
        rule.id: rule.code for rule in of_cloud(CLOUD) if len(rule.tokens) > 1
    }


class Stage:
    """A project with one of everything, and what its rules are tried on."""

    def __init__(self, connect: Connect) -> None:
        self.connect, self._names = connect, count()
        self.engine: Engine = connect("gcp")
        for service in SERVICES:
            self.make(SERVICE, service=f"{service}.googleapis.com", disableOnDestroy=False)
        self.network = self.make(NETWORK, name="net", autoCreateSubnetworks=False)
        pods = {"rangeName": "pods", "ipCidrRange": "10.0.16.0/20"}
        self.subnet = self.in_network("10.0.0.0/20", secondaryIpRanges=[pods])
        self.route = self.routed()
        self.policy = self.make(POLICY, name="wall")
        self.ring = self.make(RING, name="ring", location="us-east4")
        self.key = self.make(KEY, name="key", keyRing=self.ring)
        self.engine.invoke(LOOK_UP, {})
        self.make(ACCOUNT, accountId="own-account")

    def make(self, token: str, **inputs: Any) -> str:
        return self.engine.create(token, f"x{next(self._names)}", inputs)[0]

    def drop(self, token: str, id_: str, **inputs: Any) -> str:
        self.engine.delete(token, id_, inputs)
        return id_

    def in_network(self, cidr: str, network: str = "net", **inputs: Any) -> str:
        return self.make(SUBNET, network=network, ipCidrRange=cidr, **inputs)

    def routed(self, **inputs: Any) -> str:
        wanted = {"destRange": "199.36.153.4/30", "nextHopGateway": "default-internet-gateway"}
        return self.make(ROUTE, **{"network": self.network, **wanted, **inputs})

    def ruled(self, protocol: str = "all", ports: list[str] | None = None, **inputs: Any) -> str:
        layer: Props = {"ipProtocol": protocol} | ({"ports": ports} if ports else {})
        match = {"layer4Configs": [layer], **inputs.pop("match", {"srcIpRanges": ["10.0.0.0/8"]})}
        what = {"firewallPolicy": "wall", "priority": 1000, "direction": "INGRESS", "action": "allow"}
        return self.make(RULE, match=match, **{**what, **inputs})

    def attached(self, **inputs: Any) -> str:
        return self.make(ASSOCIATION, **{"firewallPolicy": "wall", "attachmentTarget": self.network, **inputs})

    def granted(self, **inputs: Any) -> str:
        wanted = {"cryptoKeyId": self.key, "role": USE, "member": f"serviceAccount:{AGENT}"}
        return self.make(MEMBER, **{**wanted, **inputs})

    def keyed(self, name: str = "keyed-bucket", location: str = "US-EAST4", **inputs: Any) -> str:
        encryption = {"defaultKmsKeyName": inputs.pop("key", self.key)}
        return self.make(BUCKET, name=name, location=location, encryption=encryption, **inputs)

    def bucket(self, name: str = "a-bucket", **inputs: Any) -> str:
        return self.make(BUCKET, name=name, location="US-EAST4", **inputs)

    def agent(self, domain: str) -> str:
        """Have an agent made and granted the key's use; its e-mail."""
        if domain == "gcp-sa-logging":
            self.engine.invoke(CMEK_SETTINGS, {"project": "rampart-demo"})
        elif domain in ON_REQUEST:
            self.make(IDENTITY, service=f"{ON_REQUEST[domain]}.googleapis.com")
        email = f"service-424242424242@{domain}.iam.gserviceaccount.com"
        self.granted(member=f"serviceAccount:{email}")
        return email

    def zone(self, name: str = "zone", domain: str = "example.internal.", **inputs: Any) -> str:
        seen = {"networks": [{"networkUrl": self.network}]}
        private = {"visibility": "private", "privateVisibilityConfig": seen}
        return self.make(ZONE, **{"name": name, "dnsName": domain, **private, **inputs})

    def record(self, name: str = "a.example.internal.", kind: str = "A", **inputs: Any) -> str:
        data = {"A": ["10.0.0.9"], "CNAME": ["b.example.internal."]}.get(kind, ["x"])
        return self.make(RECORD, **{"managedZone": "zone", "name": name, "type": kind, "rrdatas": data, **inputs})

    def log_bucket(self, name: str = "logs", **inputs: Any) -> str:
        place = {"project": "rampart-demo", "location": "us-east4"}
        return self.make(LOG_BUCKET, **{"bucketId": name, **place, **inputs})

    def keyed_logs(self, key: str = "", **inputs: Any) -> str:
        return self.log_bucket(cmekSettings={"kmsKeyName": key or self.key}, **inputs)

    def sink(self, destination: str, **inputs: Any) -> str:
        return self.make(SINK, destination=destination, **inputs)

    def instance(self, name: Any = "server", settings: Props | None = None, **inputs: Any) -> str:
        return self.make(INSTANCE, **database(name, settings, **inputs))

    def user(self, **inputs: Any) -> str:
        account = {"name": OWN.removesuffix(".gserviceaccount.com"), "type": "CLOUD_IAM_SERVICE_ACCOUNT"}
        return self.make(USER, **{"instance": "server", **account, **inputs})

    def address(self, **inputs: Any) -> str:
        return self.make(ADDRESS, **{"addressType": "INTERNAL", "subnetwork": self.subnet, **inputs})

    def endpoint(self, **inputs: Any) -> str:
        """An endpoint of an instance that is there, at a new address unless one is given."""
        link = self.engine.read(INSTANCE, "server")[0]["pscServiceAttachmentLink"]
        wanted = {"network": self.network, "target": link, "loadBalancingScheme": ""}
        at = {} if "ipAddress" in inputs else {"ipAddress": self.address()}
        return self.make(ENDPOINT, **{**wanted, **at, **inputs})


def database(name: Any = "server", settings: Props | None = None, **inputs: Any) -> Props:
    """The inputs of a private, highly available PostgreSQL 17; `settings` replaces some of its settings."""
    ip = {"ipv4Enabled": False, "pscConfigs": [{"pscEnabled": True, "allowedConsumerProjects": ["rampart-demo"]}]}
    backups = {"enabled": True, "pointInTimeRecoveryEnabled": True, "transactionLogRetentionDays": 7}
    size = {"tier": "db-custom-2-8192", "edition": "ENTERPRISE", "availabilityType": "REGIONAL", "diskSize": 64}
    wanted = {**size, "ipConfiguration": ip, "backupConfiguration": backups, **(settings or {})}
    return {"name": name, "databaseVersion": "POSTGRES_17", "deletionProtection": False, "settings": wanted, **inputs}
