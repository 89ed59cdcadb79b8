"""What each grant is on AWS: the narrowest permissions there are, on that one resource. Read it in one sitting."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from components.bucket import Bucket
from components.cache import Cache
from components.capability import Capability
from components.identity import Access
from components.keys import Key
from components.postgres import Postgres
from components.secrets import Secret

Condition = Mapping[str, Mapping[str, str | tuple[str, ...]]]


@dataclass(frozen=True)
class Permission:
    """Actions on resources, all with places to fill: `{store}` is the store's id, `{key}` the ARN of the key that
    encrypts it (without one, on the managed plan, a permission on it falls away), `{user}` the login's name.
    """

    actions: tuple[str, ...]
    on: tuple[str, ...]
    condition: Condition = field(default_factory=dict)


def _key(service: str, context: str, values: tuple[str, ...], *actions: str) -> Permission:
    """The store's key, only through the store's service, and only for what that one store encrypted: AWS KMS Developer
    Guide, kms:ViaService and encryption context.
    """
    through = {"kms:ViaService": service + ".{region}.amazonaws.com"}
    own = {f"kms:EncryptionContext:{context}": values}
    return Permission(actions, ("{key}",), {"StringEquals": through, "StringLike": own})


def _object_key(*actions: str) -> Permission:
    return _key("s3", "aws:s3:arn", ("{store}", "{store}/*"), *actions)


def _secret_key(*actions: str) -> Permission:
    return _key("secretsmanager", "SecretARN", ("{store}",), *actions)


_LIST = Permission(("s3:ListBucket",), ("{store}",))
_GET = Permission(("s3:GetObject",), ("{store}/*",))
# No s3:DeleteObjectVersion anywhere: what is deleted can be brought back for as long as the bucket says.
_PUT = Permission(("s3:AbortMultipartUpload", "s3:ListMultipartUploadParts", "s3:PutObject"), ("{store}/*",))
_DELETE = Permission(("s3:DeleteObject",), ("{store}/*",))
_USER = "arn:aws:elasticache:{region}:{account}:user:{user}"
_ROLE = "arn:aws:rds-db:{region}:{account}:dbuser:{store}/{user}"

GRANTS: Mapping[tuple[type[Capability], Access], tuple[Permission, ...]] = {
    (Bucket, Access.READ): (_LIST, _GET, _object_key("kms:Decrypt")),
    (Bucket, Access.WRITE): (_LIST, _GET, _PUT, _object_key("kms:Decrypt", "kms:GenerateDataKey")),
    (Bucket, Access.ADMIN): (_LIST, _GET, _PUT, _DELETE, _object_key("kms:Decrypt", "kms:GenerateDataKey")),
    (Cache, Access.CONNECT): (Permission(("elasticache:Connect",), ("{store}", _USER)),),
    (Key, Access.ENCRYPT): (Permission(("kms:Encrypt", "kms:GenerateDataKey"), ("{store}",)),),
    (Key, Access.DECRYPT): (Permission(("kms:Decrypt",), ("{store}",)),),
    (Postgres, Access.CONNECT): (Permission(("rds-db:connect",), (_ROLE,)),),
    (Secret, Access.READ): (
        Permission(("secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"), ("{store}",)),
        _secret_key("kms:Decrypt"),
    ),
    # Secrets Manager decrypts the data key that it writes under; reading a value is another action, which is not here.
    (Secret, Access.WRITE): (
        Permission(("secretsmanager:DescribeSecret", "secretsmanager:PutSecretValue"), ("{store}",)),
        _secret_key("kms:Decrypt", "kms:GenerateDataKey"),
    ),
}


def statements(kind: type[Capability], access: Access, known: Mapping[str, str]) -> list[dict[str, object]]:
    """The statements of one grant, with the places filled from `known`; `KeyError` for a grant that there is not."""
    found = []
    for permission in GRANTS[kind, access]:
        if permission.on == ("{key}",) and "key" not in known:
            continue
        statement: dict[str, object] = {
            "Effect": "Allow",
            "Action": list(permission.actions),
            "Resource": [resource.format_map(known) for resource in permission.on],
        }
        if permission.condition:
            statement["Condition"] = {
                operator: {key: _filled(value, known) for key, value in tests.items()}
                for operator, tests in permission.condition.items()
            }
        found.append(statement)
    return found


def _filled(value: str | tuple[str, ...], known: Mapping[str, str]) -> str | list[str]:
    return value.format_map(known) if isinstance(value, str) else [each.format_map(known) for each in value]
