"""A simulated Google Cloud project with one of everything, for the tests of its rules."""

from itertools import count
from typing import Any

from simulator.gcp.bucket import BUCKET
from simulator.gcp.keys import KEY, MEMBER, RING
from simulator.gcp.network import ASSOCIATION, NETWORK, POLICY, ROUTE, RULE, SUBNET
from simulator.values import Props
from tests.simulator.conftest import Connect, Engine

SERVICE = "gcp:projects/service:Service"
LOOK_UP = "gcp:storage/getProjectServiceAccount:getProjectServiceAccount"
AGENT = "service-424242424242@gs-project-accounts.iam.gserviceaccount.com"
USE = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
URL = "https://www.googleapis.com/compute/v1/projects/rampart-demo/global"


class Stage:
    """A project with one of everything, and what its rules are tried on."""

    def __init__(self, connect: Connect) -> None:
        self.connect, self._names = connect, count()
        self.engine: Engine = connect("gcp")
        for service in ("compute", "cloudkms", "storage"):
            self.make(SERVICE, service=f"{service}.googleapis.com", disableOnDestroy=False)
        self.network = self.make(NETWORK, name="net", autoCreateSubnetworks=False)
        pods = {"rangeName": "pods", "ipCidrRange": "10.0.16.0/20"}
        self.subnet = self.in_network("10.0.0.0/20", secondaryIpRanges=[pods])
        self.route = self.routed()
        self.policy = self.make(POLICY, name="wall")
        self.ring = self.make(RING, name="ring", location="us-east4")
        self.key = self.make(KEY, name="key", keyRing=self.ring)
        self.engine.invoke(LOOK_UP, {})

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
