"""Amazon EC2: machines, and the templates that machines are made from.

EC2 User Guide, "Use IMDS", "Amazon EBS encryption", "Amazon EC2 instance IP addressing".
"""

from collections.abc import Iterator

from rampart_policy.facts import AutomaticAddressing, Fact, MetadataService
from rampart_policy.readers.aws.aspects import scripts, stored
from rampart_policy.readers.table import Aspect, automatic_address, each, forwards_packets, off, on, service
from rampart_policy.values import Field, Node, either

_VOLUME = stored("encrypted", "kmsKeyId")
"""A volume is in the clear unless told otherwise, or made from an encrypted snapshot."""


def metadata(place: Node) -> Iterator[MetadataService]:
    """Tokens are optional and one hop is allowed when nothing is said; a second hop reaches containers. A service that
    is off answers nobody.
    """
    off = place.key("httpEndpoint").text(default="enabled").map(lambda state: state == "disabled")
    required = place.key("httpTokens").text(default="optional").map(lambda state: state == "required")
    near = place.key("httpPutResponseHopLimit").number(default=1).map(lambda hops: hops <= 1)
    for guard in (required, near):
        yield MetadataService(guarded=either(guard, off))


def volumes(path: str, below: str = "") -> Aspect:
    """Each of the volumes in a list; those that name no device are none."""

    def aspect(place: Node) -> Iterator[Fact]:
        for item in place.at(path).items():
            device = item.key(below) if below else item
            if not (device.missing or item.key("noDevice").raw in (True, "true")):
                yield from _VOLUME(device)

    return aspect


def _root(place: Node) -> Iterator[Fact]:
    """A machine has a root volume whether the program speaks of it or not; a template may leave it to the machine."""
    if not (place.key("rootBlockDevice").missing and not place.key("launchTemplate").missing):
        yield from _VOLUME(place.key("rootBlockDevice"))


def _metadata(place: Node) -> Iterator[Fact]:
    """What a machine leaves out is its template's to say."""
    if not (place.key("metadataOptions").missing and not place.key("launchTemplate").missing):
        yield from metadata(place.key("metadataOptions"))


def _ipv6(place: Node) -> Iterator[Fact]:
    """Every IPv6 address is a public one."""
    for path in ("ipv6AddressCount", "ipv6Addresses"):
        if not place.key(path).missing:
            yield AutomaticAddressing(public=place.key(path).any().map(bool))


_MACHINE = (
    automatic_address(on("associatePublicIpAddress")),
    _ipv6,
    _metadata,
    _root,
    volumes("ebsBlockDevices"),
    scripts("userData", "userDataBase64"),
)

service(
    ("aws:ec2/instance:Instance", "aws:ec2/spotInstanceRequest:SpotInstanceRequest"),
    *_MACHINE,
    forwards_packets(off("sourceDestCheck", default=True)),
)
service("aws:ec2/launchConfiguration:LaunchConfiguration", *_MACHINE)
service(
    "aws:ec2/launchTemplate:LaunchTemplate",
    each("networkInterfaces", automatic_address(on("associatePublicIpAddress")), _ipv6),
    _metadata,
    volumes("blockDeviceMappings", "ebs"),
    scripts("userData"),
)


def _unguarded(place: Node) -> Iterator[Fact]:
    """Machines of a fleet that are specified without a template have no metadata options: no session is asked for."""
    yield MetadataService(guarded=Field(False, place.path, default=True))


service(
    "aws:ec2/spotFleetRequest:SpotFleetRequest",
    each(
        "launchSpecifications",
        automatic_address(on("associatePublicIpAddress")),
        _unguarded,
        volumes("rootBlockDevices"),
        volumes("ebsBlockDevices"),
        scripts("userData"),
    ),
)


def _defaults(place: Node) -> Iterator[Fact]:
    """The region's defaults: -1 and `no-preference` leave them as they are."""
    yield from metadata(place)


service("aws:ec2/instanceMetadataDefaults:InstanceMetadataDefaults", _defaults)
