import json

import pulumi
import pulumi_aws as aws

from components.identity.aws_roles import role
from components.logs import RETENTION_DAYS, Logs, LogsArgs
from components.site import Site

CLUSTER = "cluster"
"""What the cluster is called within the data plane: EKS looks for its log group by that name."""


class CloudWatchLogs(Logs):
    def __init__(self, name: str, args: LogsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)

        def kept(what: str, called: pulumi.Output[str]) -> aws.cloudwatch.LogGroup:
            return aws.cloudwatch.LogGroup(
                f"{name}-{what}",
                name=called,
                kms_key_id=args.key.id if args.key else None,
                retention_in_days=RETENTION_DAYS,
                opts=args.site.location.guarded(self),
            )

        group = kept("flows", args.site.physical("flows"))
        control = kept("cluster", cluster_group(args.site))
        writer = role(
            f"{name}-writer",
            args.site.location,
            "Delivers the network's flow logs to their log group",
            _trust(args.site.location.account),
            self.inside,
        )
        permission = aws.iam.RolePolicy(
            f"{name}-writer-policy", role=writer.id, policy=group.arn.apply(_write), opts=self.inside
        )
        aws.ec2.FlowLog(
            f"{name}-network",
            vpc_id=args.network.id,
            traffic_type="ALL",
            log_destination=group.arn,
            # Through the permission: a flow log that cannot write at first stays silent for long.
            iam_role_arn=pulumi.Output.all(writer.arn, permission.id).apply(lambda ready: str(ready[0])),
            max_aggregation_interval=60,
            opts=self.inside,
        )
        # Through the cluster's group: EKS makes one without a key where it finds none.
        self.id = pulumi.Output.all(group.arn, control.arn).apply(lambda ready: str(ready[0]))
        self.done()


def cluster_group(site: Site) -> pulumi.Output[str]:
    """The one log group that the control plane of the cluster writes to (EKS User Guide)."""
    return pulumi.Output.concat("/aws/eks/", site.physical(CLUSTER), "/cluster")


def _trust(account: str) -> str:
    """Only the flow log service, and only on behalf of this account (the confused deputy: VPC User Guide)."""
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "vpc-flow-logs.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                    "Condition": {"StringEquals": {"aws:SourceAccount": account}},
                }
            ],
        }
    )


def _write(group: str) -> str:
    """What the service needs (VPC User Guide) but for `CreateLogGroup`: nothing is written to a group without a key."""
    streams = ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"]
    every = f"{group.rpartition(':')[0]}:*"  # listing groups is not a matter of one of them
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Action": streams, "Resource": f"{group}:*"},
                {"Effect": "Allow", "Action": "logs:DescribeLogGroups", "Resource": every},
            ],
        }
    )
