from collections.abc import Sequence

import pulumi
import pulumi_gcp as gcp

from bootstrap import OWN, PULUMI, RECOVERY_DAYS, BootstrapArgs
from bootstrap import Bootstrap as Contract
from bootstrap.gcp.permissions import ADMINISTRATOR, DEPLOY, LOOK, OF_STORES, ONLY_THESE, Row
from components.bucket.gcp import private_bucket
from components.keys import Purpose
from components.keys.gcp import KmsKey
from components.prerequisites.gcp import AUDITED
from components.site import Site

SERVICES = ("cloudkms", "cloudresourcemanager", "iam", "iamcredentials", "storage", "sts")
"""The Google APIs that this program and a pipeline's login call, without `.googleapis.com`."""

LOGGED = {"cloudkms": AUDITED["cloudkms"], "storage": ("DATA_READ", "DATA_WRITE")}
"""APIs whose audit log has more than changes: who used a key, who read or wrote the state."""


ISSUER = "pipelines"
"""What the pool calls the issuer."""


class Bootstrap(Contract):
    def __init__(self, name: str, args: BootstrapArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args.location, opts)
        location, project = args.location, args.location.account
        services = [
            gcp.projects.Service(
                f"{name}-{service}",
                project=project,
                service=f"{service}.googleapis.com",
                disable_on_destroy=False,
                opts=self.inside,
            )
            for service in SERVICES
        ]
        self._site = self.site(pulumi.Output.all(*(each.project for each in services)).apply(lambda names: names[0]))
        for service, kinds in LOGGED.items():
            gcp.projects.IAMAuditConfig(
                f"{name}-audit-{service}",
                project=self._site.scope,
                service=f"{service}.googleapis.com",
                audit_log_configs=[gcp.projects.IAMAuditConfigAuditLogConfigArgs(log_type=kind) for kind in kinds],
                opts=pulumi.ResourceOptions(parent=self, retain_on_delete=True),
            )
        ring = gcp.kms.KeyRing(
            f"{name}-ring", project=self._site.scope, location=location.region, opts=location.guarded(self)
        )
        keys = {
            purpose: KmsKey(f"{name}-{purpose}", self._site, ring, purpose, self.inside)
            for purpose in (Purpose.STATE, Purpose.STATE_SECRETS)
        }
        state = private_bucket(f"{name}-state", self._site, keys[Purpose.STATE], RECOVERY_DAYS, self)
        provider, pool = _federation(f"{name}-pipelines", self._site, args, services, self)
        in_pool = pulumi.Output.concat("principal://iam.googleapis.com/", pool.name, "/subject/")
        # Through the provider: a principal that nobody can be yet is of no use.
        known = pulumi.Output.all(in_pool, provider.id).apply(lambda ready: str(ready[0]))
        preview = pulumi.Output.concat(known, args.pipeline.preview)
        deploy = pulumi.Output.concat(known, args.pipeline.deploy)

        secrets = keys[Purpose.STATE_SECRETS].id
        given: dict[str, list[pulumi.Output[str]]] = {"preview": [], "deploy": []}
        for who, member, objects, key in (
            ("preview", preview, "roles/storage.objectViewer", "roles/cloudkms.cryptoKeyDecrypter"),
            ("deploy", deploy, "roles/storage.objectUser", "roles/cloudkms.cryptoKeyEncrypterDecrypter"),
        ):
            given[who] += [
                gcp.storage.BucketIAMMember(
                    f"{name}-{who}-state",
                    bucket=state.name,
                    role=objects,
                    member=member,
                    condition=gcp.storage.BucketIAMMemberConditionArgs(
                        title="the data planes' state", expression=state.name.apply(_theirs)
                    ),
                    opts=self.inside,
                ).id,
                gcp.kms.CryptoKeyIAMMember(
                    f"{name}-{who}-secrets", crypto_key_id=secrets, role=key, member=member, opts=self.inside
                ).id,
            ]
        look = self._role(f"{name}-look", "Looks at how things are set", LOOK)
        given["preview"].append(self._give(f"{name}-preview-look", look, preview))
        given["deploy"].append(self._give(f"{name}-deploy-look", look, deploy))
        others = pulumi.Output.all(state.name, ring.id).apply(_others)
        for part, rows in DEPLOY.items():
            role = self._role(f"{name}-deploy-{part}", f"Deploys: {part}", rows)
            limit = ("all but the state", others) if part in OF_STORES else None
            given["deploy"].append(self._give(f"{name}-deploy-{part}-given", role, deploy, limit))
        limit = ("roles that data planes give", pulumi.Output.from_input(ONLY_THESE))
        administrator = pulumi.Output.from_input(ADMINISTRATOR)
        given["deploy"].append(self._give(f"{name}-deploy-project", administrator, deploy, limit))

        self.backend = pulumi.Output.concat("gs://", state.name)
        self.own_backend = pulumi.Output.concat("gs://", state.name, f"/{OWN}")
        self.secrets_provider = pulumi.Output.concat("gcpkms://", secrets)
        self.preview = pulumi.Output.all(preview, *given["preview"]).apply(lambda ready: str(ready[0]))
        self.deploy = pulumi.Output.all(deploy, *given["deploy"]).apply(lambda ready: str(ready[0]))
        self.variables = pulumi.Output.all(
            GCP_BACKEND=self.backend,
            GCP_SECRETS_PROVIDER=self.secrets_provider,
            GCP_PROVIDER=provider.name,
            GCP_PROJECT=project,
        )
        self.team = pulumi.Output.all(secretsProvider=self.secrets_provider)
        self.done()

    def _role(self, name: str, title: str, rows: Sequence[Row]) -> pulumi.Output[str]:
        """Define a role; its name. An id stays taken for weeks after the role is gone, and takes no dashes."""
        part = name.replace("-", "_")
        return gcp.projects.IAMCustomRole(
            name,
            project=self._site.scope,
            role_id=pulumi.Output.concat("rampart_", part, "_", self._site.incarnation),
            title=f"Rampart: {title}",
            permissions=sorted({permission for row in rows for permission in row.permissions()}),
            opts=self.inside,
        ).name

    def _give(
        self,
        name: str,
        role: pulumi.Output[str],
        member: pulumi.Output[str],
        limit: tuple[str, pulumi.Output[str]] | None = None,
    ) -> pulumi.Output[str]:
        """Give a role on the project, under a condition if there is one; the binding's id."""
        condition = limit and gcp.projects.IAMMemberConditionArgs(title=limit[0], expression=limit[1])
        return gcp.projects.IAMMember(
            name, project=self._site.scope, role=role, member=member, condition=condition, opts=self.inside
        ).id


def _federation(
    name: str, site: Site, args: BootstrapArgs, services: Sequence[gcp.projects.Service], parent: pulumi.Resource
) -> tuple[gcp.iam.WorkloadIdentityPoolProvider, gcp.iam.WorkloadIdentityPool]:
    """The pool of the pipeline's identities, which are two: all other tokens of the issuer are refused."""
    inside = pulumi.ResourceOptions(parent=parent)
    pool = gcp.iam.WorkloadIdentityPool(
        f"{name}-pool",
        project=site.scope,
        # A deleted pool's id stays taken for a month.
        workload_identity_pool_id=site.physical("pipelines"),
        display_name="Pipelines",
        opts=inside,
    )
    asked = pulumi.InvokeOutputOptions(parent=parent, depends_on=list(services))
    number = gcp.organizations.get_project_output(project_id=args.location.account, opts=asked).number
    audience = pulumi.Output.concat(
        "https://iam.googleapis.com/projects/",
        number,
        "/locations/global/workloadIdentityPools/",
        pool.workload_identity_pool_id,
        f"/providers/{ISSUER}",
    )
    subjects = ", ".join(f"'{subject}'" for subject in (args.pipeline.preview, args.pipeline.deploy))
    provider = gcp.iam.WorkloadIdentityPoolProvider(
        f"{name}-issuer",
        project=site.scope,
        workload_identity_pool_id=pool.workload_identity_pool_id,
        workload_identity_pool_provider_id=ISSUER,
        attribute_mapping={"google.subject": "assertion.sub"},
        attribute_condition=f"assertion.sub in [{subjects}]",
        # What a token is made out to when nothing is said (IAM documentation, Workload Identity Federation).
        oidc=gcp.iam.WorkloadIdentityPoolProviderOidcArgs(
            issuer_uri=args.pipeline.issuer, allowed_audiences=[audience]
        ),
        opts=inside,
    )
    return provider, pool


def _theirs(bucket: str) -> str:
    """The condition for the state of data planes, and not that of the first day: list all, reach what lies below."""
    name = f"projects/_/buckets/{bucket}"
    return f'resource.name == "{name}" || resource.name.startsWith("{name}/objects/{PULUMI}")'


def _others(names: Sequence[str]) -> str:
    """The condition that leaves the state and the ring of its keys out."""
    bucket, ring = names
    return f'!resource.name.startsWith("projects/_/buckets/{bucket}") && !resource.name.startsWith("{ring}/")'
