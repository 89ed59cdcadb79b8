import pulumi
import pulumi_gcp as gcp

from components.keys import DELETION_DAYS, ROTATION_DAYS, Key, Keys, KeysArgs, Purpose
from components.site import Site

DAY = 86_400


class KmsKeys(Keys):
    def __init__(self, name: str, args: KeysArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        ring = gcp.kms.KeyRing(
            f"{name}-ring",
            # No name of ours: a ring cannot be deleted and its name is never free again, nor are its keys'. Pulumi's
            # has a new ending each time, so that keys can go and come back (plan managed, and enterprise again).
            project=args.site.scope,
            location=args.site.location.region,
            opts=args.site.location.guarded(self),
        )
        self.hold(
            {purpose: KmsKey(f"{name}-{purpose}", args.site, ring, purpose, self.inside) for purpose in args.purposes}
        )


class KmsKey(Key):
    def __init__(
        self, name: str, site: Site, ring: gcp.kms.KeyRing, purpose: Purpose, opts: pulumi.ResourceOptions
    ) -> None:
        super().__init__(name, opts)
        key = gcp.kms.CryptoKey(
            f"{name}-key",
            key_ring=ring.id,
            purpose="ENCRYPT_DECRYPT",
            rotation_period=f"{ROTATION_DAYS * DAY}s",
            destroy_scheduled_duration=f"{DELETION_DAYS * DAY}s",
            version_template=gcp.kms.CryptoKeyVersionTemplateArgs(
                algorithm="GOOGLE_SYMMETRIC_ENCRYPTION", protection_level="HSM"
            ),
            deletion_policy="PREVENT" if site.location.protected else "DELETE",
            opts=site.location.guarded(self),
        )
        if purpose in (Purpose.FIELDS, Purpose.STATE_SECRETS):
            self.user = pulumi.Output.from_input("")
            self.id = key.id
        else:
            asked = pulumi.InvokeOutputOptions(parent=self, depends_on=[key])
            self.user = _service_agent(name, site, purpose, asked)
            grant = gcp.kms.CryptoKeyIAMMember(
                f"{name}-user",
                crypto_key_id=key.id,
                role="roles/cloudkms.cryptoKeyEncrypterDecrypter",
                member=pulumi.Output.concat("serviceAccount:", self.user),
                opts=self.inside,
            )
            self.id = grant.crypto_key_id
        self.version = self.id
        self.done()


MADE_ON_REQUEST = {
    Purpose.CACHE: "memorystore",
    Purpose.POSTGRES: "sqladmin",
    Purpose.REGISTRY: "artifactregistry",
    Purpose.SECRETS: "secretmanager",
}
"""Services whose agent is made when the program asks for it."""

THERE_ALREADY = {Purpose.CLUSTER: "container-engine-robot", Purpose.VOLUMES: "compute-system"}
"""Domains of agents that come with their service; asked for, they may have no e-mail to tell. Node disks and persistent
volumes are disks of Compute Engine."""


def _service_agent(name: str, site: Site, purpose: Purpose, opts: pulumi.InvokeOutputOptions) -> pulumi.Output[str]:
    """The e-mail of the service agent that encrypts for the purpose. Asking for it is what creates it."""
    if purpose in MADE_ON_REQUEST:
        agent = gcp.projects.ServiceIdentity(
            f"{name}-agent",
            project=site.scope,
            service=f"{MADE_ON_REQUEST[purpose]}.googleapis.com",
            opts=pulumi.ResourceOptions(parent=opts.parent),
        )
        return agent.email
    if purpose in THERE_ALREADY:
        project = gcp.organizations.get_project_output(project_id=site.scope, opts=opts)
        return pulumi.Output.concat("service-", project.number, f"@{THERE_ALREADY[purpose]}.iam.gserviceaccount.com")
    if purpose is Purpose.LOGS:
        return gcp.logging.get_project_cmek_settings_output(project=site.scope, opts=opts).service_account_id
    return gcp.storage.get_project_service_account_output(project=site.scope, opts=opts).email_address
