"""The settings of one stack: what may be set, and what is wrong with what was."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from components.dataplane import KubernetesArgs
from components.egress import problems as wrong_domains
from components.ingest import problems as wrong_consumers
from components.network.plan import PRIVATE
from components.peering import Peer
from components.postgres import Capacity
from components.site import Location
from infra.catalogue import Region, regions
from infra.parts import NAMES, CacheCapacity, WayIn, WayOut
from infra.peers import Around
from infra.peers import wrong as wrong_peers
from infra.problems import SettingsError, nearest, told

ZONES = 3
"""How many zones a data plane is spread over: what a quorum needs, and what the regions have in common."""

ACCOUNTS = {
    "aws": (r"\d{12}", "an AWS account id: 12 digits, in quotes"),
    "gcp": (r"[a-z][a-z0-9-]{4,28}[a-z0-9]", "a Google Cloud project id: 6 to 30 lower-case letters, digits, dashes"),
    "azure": (r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "an Azure subscription id: a lower-case GUID"),
}


OPERATORS = {
    "aws": (r"arn:aws:iam::\d{12}:role/[\w+=,.@/-]+", "the ARN of an IAM role"),
    "gcp": (r"(group|serviceAccount):[^@\s]+@[^@\s]+", "group:<e-mail> or serviceAccount:<e-mail>"),
    "azure": (r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "the object id of an Entra group or service principal"),
}
"""Who may administer a cluster: never a single person, who leaves one day."""


@dataclass(frozen=True)
class Surroundings:
    """What a stack's settings are judged against: its name, and who has which range of addresses.

    taken: range by who holds it, without the stack itself.
    """

    stack: str
    taken: Mapping[str, IPv4Network] = field(default_factory=dict)


def _label(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,62}", value):
        raise ValueError(
            "wants lower-case letters, digits, dashes and underscores, at most 63: it becomes a tag on every cloud"
        )
    return value


Label = Annotated[str, AfterValidator(_label)]


def _receiver(value: str) -> str:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value):
        raise ValueError("wants e-mail addresses")
    return value


class Settings(BaseModel):
    """One stack's settings, whole and checked. In files the names are in camel case: `data_class` is `dataClass`.

    cloud, region: where; the region is one of the catalogue's.
    plan: whose keys encrypt what is at rest: the customer's (`enterprise`) or the provider's (`managed`).
    account: AWS account id, Google Cloud project id, or Azure subscription id; nothing is made anywhere else.
    protection: `production` refuses to delete or replace what holds data or keys; `development` lets it go.
    cidr: the region's /16, RFC 1918. The catalogue's unless given; it cannot be changed once the network exists.
    zones: three or more zones of the region. The catalogue's first three unless given.
    owner, environment, data_class: tags on everything.
    postgres, cache: how large they are (`components.postgres.Capacity`, `components.cache.Size`).
    kubernetes: version, upgrade window, pools, reach and break glass (`components.dataplane.KubernetesArgs`).
    operators: who administers the cluster, by cloud identity (`components.cluster.ClusterArgs`).
    receivers: e-mail addresses that alarms go to.
    egress: the domains that may be reached from inside (`components.egress.EgressArgs`); none unless given.
    ingest: the accounts, projects or subscriptions that may reach the entry points by private link; none unless given.
    boundary: limits every identity that is made (`components.site.Location`): of AWS only.
    peers: networks of others that are joined with this one (`components.peering.Peer`).

    A setting with parts comes from one layer whole: parts are not merged.
    """

    model_config = ConfigDict(frozen=True, validate_default=True, **NAMES)

    cloud: Literal["aws", "gcp", "azure"]
    region: str
    plan: Literal["enterprise", "managed"]
    account: str
    protection: Literal["production", "development"] = "production"
    zones: tuple[str, ...] = ()
    cidr: IPv4Network = Field(default=IPv4Network("0.0.0.0/32"))
    owner: Label
    environment: Label
    data_class: Label
    postgres: Capacity = Capacity()
    cache: CacheCapacity = CacheCapacity()
    kubernetes: KubernetesArgs = KubernetesArgs()
    operators: tuple[str, ...] = ()
    receivers: tuple[Annotated[str, AfterValidator(_receiver)], ...] = ()
    egress: WayOut = WayOut()
    ingest: WayIn = WayIn()
    boundary: str | None = None
    peers: tuple[Peer, ...] = ()

    @classmethod
    def parse(cls, raw: Mapping[str, Any], surroundings: Surroundings, origin: Mapping[str, str] | None = None) -> Self:
        """The settings in `raw`, by their names in files; `origin` says which file each came from.

        Raises `SettingsError` with all problems at once.
        """
        try:
            return cls.model_validate(dict(raw), context=surroundings)
        except ValidationError as error:
            problems = [told(detail, origin or {}, cls.model_fields) for detail in error.errors()]
            raise SettingsError(surroundings.stack, problems) from None

    @field_validator("region")
    @classmethod
    def _known_region(cls, region: str, info: ValidationInfo) -> str:
        if "cloud" not in info.data:
            return region
        cloud, stack = info.data["cloud"], _surroundings(info).stack
        known = regions(cloud)
        if region not in known:
            raise ValueError(f"wants a region of {cloud}{nearest(region, known)}; see infra/catalogue/regions.json")
        row = known[region]
        if row.status != "available":
            raise ValueError(f"cannot carry a data plane: {row.name} is {row.status} ({row.notes or row.source})")
        if stack != f"{cloud}-{region}" and not stack.startswith(f"{cloud}-{region}-"):
            name = f"{cloud}-{region}"
            raise ValueError(f"does not fit the stack's name: this region's stack is {name}, or {name}-<word>")
        return region

    @field_validator("account")
    @classmethod
    def _account_of_cloud(cls, account: str, info: ValidationInfo) -> str:
        pattern, words = ACCOUNTS.get(info.data.get("cloud", ""), (".+", ""))
        if not re.fullmatch(pattern, account):
            raise ValueError(f"wants {words}")
        return account

    @field_validator("zones")
    @classmethod
    def _enough_zones(cls, zones: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        row = _region(info)
        if row is None:
            return zones
        strangers = [zone for zone in zones if zone not in row.zones]
        if strangers:
            there = ", ".join(row.zones) or "none"
            raise ValueError(f"{', '.join(strangers)} is not in {row.region}, which has {there}")
        if len(set(zones)) != len(zones):
            raise ValueError("names a zone twice")
        if len(zones or row.zones) < ZONES:
            raise ValueError(
                f"too few: a data plane wants {ZONES}, {row.region} has {', '.join(row.zones) or 'none'}"
                + ("" if len(row.zones) >= ZONES else "; choose another region")
            )
        if len(zones) > ZONES + 1:
            raise ValueError(f"too many: the address plan has room for {ZONES + 1}")
        return zones or row.zones[:ZONES]

    @field_validator("cidr")
    @classmethod
    def _free_cidr(cls, cidr: IPv4Network, info: ValidationInfo) -> IPv4Network:
        row = _region(info)
        if cidr == cls.model_fields["cidr"].default:
            if row is None:
                return cidr
            cidr = row.cidr
        if cidr.prefixlen != 16 or not any(cidr.subnet_of(private) for private in PRIVATE):
            raise ValueError("wants a /16 of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16")
        for holder, taken in _surroundings(info).taken.items():
            if cidr.overlaps(taken):
                raise ValueError(f"overlaps {taken}, which is {holder}'s; networks that overlap can never be peered")
        return cidr

    @field_validator("operators")
    @classmethod
    def _operators_of_cloud(cls, operators: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        pattern, words = OPERATORS.get(info.data.get("cloud", ""), (".+", ""))
        if wrong := [operator for operator in operators if not re.fullmatch(pattern, operator)]:
            raise ValueError(f"{', '.join(wrong)}: wants {words}")
        return operators

    @field_validator("boundary")
    @classmethod
    def _boundary_of_cloud(cls, boundary: str | None, info: ValidationInfo) -> str | None:
        if boundary is None:
            return None
        if info.data.get("cloud", "aws") != "aws":
            raise ValueError("only AWS has boundaries; leave it out")
        if not re.fullmatch(r"arn:aws:iam::\d{12}:policy/[\w+=,.@/-]+", boundary):
            raise ValueError("wants the ARN of an IAM policy")
        return boundary

    @field_validator("kubernetes")
    @classmethod
    def _kubernetes_of_region(cls, kubernetes: KubernetesArgs, info: ValidationInfo) -> KubernetesArgs:
        for reach in kubernetes.reach:
            if not any(reach.subnet_of(private) for private in PRIVATE):
                raise ValueError(f"reach: {reach} is not a private range; the API is never called from elsewhere")
            if (own := info.data.get("cidr")) and reach.overlaps(own):
                raise ValueError(f"reach: {reach} overlaps the region's own {own}, which reaches the API already")
        if kubernetes.break_glass and (problem := kubernetes.break_glass.problem()):
            raise ValueError(f"breakGlass: {problem}")
        return kubernetes

    @field_validator("egress")
    @classmethod
    def _domains_of_others(cls, egress: WayOut) -> WayOut:
        if wrong := wrong_domains(egress.domains):
            raise ValueError(f"domains: {'; '.join(wrong)}")
        return egress

    @field_validator("ingest")
    @classmethod
    def _consumers_of_cloud(cls, ingest: WayIn, info: ValidationInfo) -> WayIn:
        pattern, words = ACCOUNTS.get(info.data.get("cloud", ""), (".+", ""))
        wrong = [f"{each!r}: wants {words}" for each in ingest.consumers if not re.fullmatch(pattern, each)]
        if wrong := [*wrong, *wrong_consumers(ingest.consumers)]:
            raise ValueError(f"consumers: {'; '.join(wrong)}")
        return ingest

    @field_validator("peers")
    @classmethod
    def _peers_that_can_be(cls, peers: tuple[Peer, ...], info: ValidationInfo) -> tuple[Peer, ...]:
        if _region(info) is None:
            return peers
        place = {key: str(info.data.get(key, "")) for key in ("cloud", "region", "account")}
        around = Around(cidr=info.data.get("cidr"), taken=_surroundings(info).taken, **place)
        if wrong := wrong_peers(peers, around):
            raise ValueError("; ".join(wrong))
        return peers

    def location(self, stack: str) -> Location:
        """Where the stack's data plane stands."""
        tags = {
            "stack": stack,
            "owner": self.owner,
            "environment": self.environment,
            "data-class": self.data_class,
            "managed-by": "rampart",
        }
        return Location(
            stack=stack,
            region=self.region,
            zones=self.zones,
            account=self.account,
            tags=tags,
            protection=self.protection,
            boundary=self.boundary,
        )


def _surroundings(info: ValidationInfo) -> Surroundings:
    return info.context if isinstance(info.context, Surroundings) else Surroundings("")


def _region(info: ValidationInfo) -> Region | None:
    """The catalogue's row, or none where cloud or region is wrong and has been said to be."""
    if "cloud" not in info.data or "region" not in info.data:
        return None
    return regions(info.data["cloud"])[info.data["region"]]
