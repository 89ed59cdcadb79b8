from typing import Any

import pulumi
import pulumi_gcp as gcp

from components.registry import MIRRORED, UNDELETED_DAYS, Registry, RegistryArgs

DAY = 86_400


class ArtifactRegistry(Registry):
    def __init__(self, name: str, args: RegistryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        images = self._repository(
            f"{name}-images",
            args,
            args.site.physical(name),
            docker_config=gcp.artifactregistry.RepositoryDockerConfigArgs(immutable_tags=True),
            cleanup_policies=[
                gcp.artifactregistry.RepositoryCleanupPolicyArgs(
                    id="untagged",
                    action="DELETE",
                    condition=gcp.artifactregistry.RepositoryCleanupPolicyConditionArgs(
                        tag_state="UNTAGGED", older_than=f"{UNDELETED_DAYS * DAY}s"
                    ),
                )
            ],
        )
        mirrors = {upstream: self._mirror(name, args, upstream) for upstream in MIRRORED}
        self.id = images.name
        self.host = _host(args, images)
        self.mirrors = pulumi.Output.all(**{upstream: _host(args, mirror) for upstream, mirror in mirrors.items()})
        self.done()

    def _mirror(self, name: str, args: RegistryArgs, upstream: str) -> gcp.artifactregistry.Repository:
        """A repository that fetches through Google what it does not have yet: nothing in the network goes out."""
        key = upstream.replace(".", "-")
        return self._repository(
            f"{name}-{key}",
            args,
            args.site.physical(f"{name}-{key}"),
            mode="REMOTE_REPOSITORY",
            remote_repository_config=gcp.artifactregistry.RepositoryRemoteRepositoryConfigArgs(
                description=upstream,
                common_repository=gcp.artifactregistry.RepositoryRemoteRepositoryConfigCommonRepositoryArgs(
                    uri=f"https://{upstream}"
                ),
            ),
        )

    def _repository(
        self, key: str, args: RegistryArgs, id_: pulumi.Output[str], **more: Any
    ) -> gcp.artifactregistry.Repository:
        return gcp.artifactregistry.Repository(
            key,
            project=args.site.scope,
            location=args.site.location.region,
            repository_id=id_,
            format="DOCKER",
            kms_key_name=args.key.id if args.key else None,
            vulnerability_scanning_config=gcp.artifactregistry.RepositoryVulnerabilityScanningConfigArgs(
                # As the project has it, and there the scanner's API is on.
                enablement_config="INHERITED"
            ),
            opts=args.site.location.guarded(self),
            **more,
        )


def _host(args: RegistryArgs, repository: gcp.artifactregistry.Repository) -> pulumi.Output[str]:
    region = args.site.location.region
    return pulumi.Output.concat(f"{region}-docker.pkg.dev/", args.site.scope, "/", repository.name)
