import pulumi

from components.bucket import Bucket, BucketArgs
from components.bucket.aws_objects import private_bucket
from components.keys import Key


class S3Bucket(Bucket):
    key: Key | None
    """What encrypts it: whoever reads or writes objects must be allowed the key too."""

    def __init__(self, name: str, args: BucketArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self.key = args.key
        bucket = private_bucket(name, args.site, args.key, args.recovery_days, self).bucket
        self.id = bucket.arn
        self.location = pulumi.Output.concat("s3://", bucket.id)
        self.done()
