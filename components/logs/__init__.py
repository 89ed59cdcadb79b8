"""Logs: the keyed, retained, private destination of flow and audit logs."""

from dataclasses import dataclass

import pulumi

from components.capability import Capability
from components.keys import Key
from components.network import Network
from components.site import Site

RETENTION_DAYS = 365
"""How long a log is kept. CloudWatch Logs, Cloud Logging and blob lifecycle rules all take it."""


@dataclass(frozen=True, kw_only=True)
class LogsArgs:
    """What the logs need.

    network: its flows are logged, every one of them.
    key: encrypts the logs; `None` on the managed plan.
    """

    site: Site
    network: Network
    key: Key | None


class Logs(Capability, token="rampart:logs:Logs"):
    """Who talked to whom in the network, kept for a year where only the account's own auditors read it.

    - AWS: CloudWatch log groups, one for flows and one for the cluster's control plane, whose audit log EKS writes
      nowhere else.
    - Google Cloud: a log bucket in the region, which a sink feeds with the network's flow logs and the project's audit
      logs.
    - Azure: a storage account that only Azure's own services write to; virtual network flow logs.

    Key rotation follows by itself on all three clouds: new entries use the new version. On AWS and Google Cloud those
    already stored keep theirs; Azure rewraps the account's key.
    """

    id: pulumi.Output[str]
    """What a grant to read the logs names: log group ARN, log bucket id, storage account id."""
