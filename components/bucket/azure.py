import pulumi
import pulumi_azure_native as azure

from components.bucket import Bucket, BucketArgs
from components.bucket.azure_account import keep_versions, private_container, storage_account
from components.dns.azure import private_endpoint


class BlobBucket(Bucket):
    def __init__(self, name: str, args: BucketArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        account = storage_account(f"{name}-account", args.site, name, args.key, azure.storage.Bypass.NONE, self)
        private_endpoint(f"{name}-private", args.site, args.network, args.dns, account.id, "blob", "blob", self.inside)
        service = keep_versions(name, args.site, account, args.recovery_days, self)
        container = private_container(f"{name}-objects", name, args.site, account, service, self)
        self.id = container.id
        self.location = pulumi.Output.concat("https://", account.name, ".blob.core.windows.net/", container.name)
        self.done()
