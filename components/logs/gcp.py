import pulumi
import pulumi_gcp as gcp

from components.logs import RETENTION_DAYS, Logs, LogsArgs

LOGS = (
    "compute.googleapis.com/vpc_flows",
    "cloudaudit.googleapis.com/activity",
    "cloudaudit.googleapis.com/data_access",
    "cloudaudit.googleapis.com/system_event",
)
"""Flows, and who called what: Kubernetes' own audit log is part of the second and third."""

CONTROL_PLANE = 'resource.type="k8s_control_plane_component"'


class CloudLogging(Logs):
    def __init__(self, name: str, args: LogsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        site = args.site
        cmek = gcp.logging.ProjectBucketConfigCmekSettingsArgs(kms_key_name=args.key.id) if args.key else None
        bucket = gcp.logging.ProjectBucketConfig(
            f"{name}-flows",
            # A deleted log bucket's name stays taken for a week.
            bucket_id=site.physical("flows"),
            project=site.scope,
            location=site.location.region,
            retention_days=RETENTION_DAYS,
            cmek_settings=cmek,
            opts=site.location.guarded(self),
        )
        gcp.logging.ProjectSink(
            f"{name}-network",
            project=site.scope,
            destination=pulumi.Output.concat("logging.googleapis.com/", bucket.id),
            filter=" OR ".join([*(f'log_id("{log}")' for log in LOGS), CONTROL_PLANE]),
            unique_writer_identity=True,
            opts=self.inside,
        )
        self.id = bucket.id
        self.done()
