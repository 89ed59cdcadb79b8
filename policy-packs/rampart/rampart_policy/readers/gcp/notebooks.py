"""Google Cloud's machines for people: Workbench, Workstations, Colab, TPUs."""

from rampart_policy.readers.gcp.databases import outbound
from rampart_policy.readers.gcp.identities import identity, said_identity
from rampart_policy.readers.gcp.machines import SHIELDED, metadata
from rampart_policy.readers.table import (
    at,
    automatic_address,
    customer_key,
    each,
    empty,
    filled,
    forwards_packets,
    off,
    on,
    public_endpoint,
    service,
    set_,
    variables,
    where,
)
from rampart_policy.registry import no_surface

no_surface({"gcp:workstations/workstation:Workstation": "made as its configuration says, which is judged"})

service(
    "gcp:workbench/instance:Instance",
    at(
        "gceSetup",
        automatic_address(off("disablePublicIp")),
        forwards_packets(on("enableIpForwarding")),
        customer_key(filled("bootDisk.kmsKey")),
        set_("dataDisks", customer_key(filled("dataDisks.kmsKey"))),
        at("metadata", metadata),
        each("serviceAccounts", identity("email")),
        where(empty("serviceAccounts"), identity("serviceAccounts")),
        *SHIELDED,
    ),
)
service(
    "gcp:workstations/workstationCluster:WorkstationCluster",
    public_endpoint(off("privateClusterConfig.enablePrivateEndpoint")),
)
service(
    "gcp:workstations/workstationConfig:WorkstationConfig",
    automatic_address(off("host.gceInstance.disablePublicIpAddresses")),
    customer_key(filled("encryptionKey.kmsKey")),
    said_identity("host.gceInstance.serviceAccount"),
    variables("container.env"),
    at("host.gceInstance", *SHIELDED),
)
service(
    "gcp:tpu/v2Vm:V2Vm",
    *(
        each(name, automatic_address(on("enableExternalIps")), forwards_packets(on("canIpForward")))
        for name in ("networkConfig", "networkConfigs")
    ),
    identity("serviceAccount.email"),
    at("metadata", metadata),
    *SHIELDED,
)
service(
    "gcp:colab/runtimeTemplate:RuntimeTemplate",
    customer_key(filled("encryptionSpec.kmsKeyName")),
    outbound(on("networkSpec.enableInternetAccess")),
    variables("softwareConfig.envs"),
)
