"""Alarms: what an operator must hear of on day one."""

from dataclasses import dataclass

import pulumi

from components.capability import Capability
from components.keys import Key, Keys
from components.logs import Logs
from components.postgres import Postgres
from components.site import Site


@dataclass(frozen=True, kw_only=True)
class AlarmsArgs:
    """What is watched, and who is told.

    keys: `None` on the managed plan, where there are none of ours to watch. key: encrypts what the alarms themselves
        keep (a topic), if the cloud keeps anything. postgres: whose backups are watched. receivers: e-mail addresses.
    """

    site: Site
    logs: Logs
    keys: Keys | None
    key: Key | None
    postgres: Postgres
    receivers: tuple[str, ...] = ()


class Alarms(Capability, token="rampart:alarms:Alarms"):
    """Mail to the receivers when

    - a key is disabled or scheduled for deletion,
    - somebody or something is denied the use of a key,
    - a database's backup fails,
    - a certificate is about to expire.

    Without receivers the alarms are raised all the same, where the cloud shows them.

    - AWS: EventBridge hears of calls to the key service from CloudTrail, of which the account must have a trail of
      management events in the region. RDS does not report a backup that failed: the alarm is that none was done for 30
      hours, and so it is raised until the first one. Each receiver must confirm a mail of Amazon's. On the managed plan
      the topic keeps messages in the clear until they are sent: CloudWatch and EventBridge cannot use the provider's
      key for topics (SNS Developer Guide, key management). They name keys and databases, and hold no data.
    - Google Cloud: all are alerts on log entries. The data plane has no certificate of its own, and Google renews those
      of its services: what is watched is the project's Certificate Manager.
    - Azure: metrics of the vaults tell that a key was updated, deleted, or its use denied; their audit logs, in `logs`,
      who it was. Azure does not tell of a single automatic backup that failed: watched are backups that somebody asked
      for, and that the server keeps any. The data plane has no certificate of its own: what Azure announces of its
      services' certificates is what is passed on.
    """

    id: pulumi.Output[str]
    """What alarms are sent to: topic ARN, notification channel names joined by commas, action group id."""
