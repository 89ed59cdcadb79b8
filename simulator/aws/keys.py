"""KMS: keys and aliases, and who may use a key."""

from typing import Any

from simulator.aws.account import Api, AwsType, Calls
from simulator.aws.iam import LINKED, ROLE
from simulator.aws.policy import allows, statements
from simulator.cloud import Name, Operation, Ref, Source
from simulator.rules import between, rule
from simulator.values import Props

_KMS, _SDK = Source("KMS API reference", "D"), Source("pulumi-aws SDK text", "S")
KEY, ALIAS = "aws:kms/key:Key", "aws:kms/alias:Alias"


class _Key(AwsType):
    def made(self, aws: Calls, answer: Any) -> Props:
        self.change(aws)
        policy = aws("kms.get_key_policy", KeyId=aws.operation.id, PolicyName="default")["Policy"]
        return {"keyId": aws.operation.id, "policy": aws.operation.inputs.get("policy", policy)}

    def change(self, aws: Calls) -> None:
        inputs, key = aws.operation.inputs, aws.operation.id
        if inputs.get("enableKeyRotation"):
            aws("kms.enable_key_rotation", KeyId=key, RotationPeriodInDays=inputs.get("rotationPeriodInDays"))
        else:
            aws("kms.disable_key_rotation", KeyId=key)
        if "policy" in inputs:
            aws("kms.put_key_policy", KeyId=key, PolicyName="default", Policy=inputs["policy"])


class _Alias(AwsType):
    def change(self, aws: Calls) -> None:
        aws("kms.update_alias", AliasName=aws.operation.id, TargetKeyId=aws.operation.inputs["targetKeyId"])


def _target(operation: Operation) -> Any:
    key = operation.find(KEY, operation.one("targetKeyId"), ("keyId", "arn"), anywhere=False)
    return key and key.get("arn")


_HAS = {"arn": "arn:aws:kms:{region}:{account}:key/{id}", "keyUsage": "ENCRYPT_DECRYPT", "isEnabled": True}
_HAS |= {
    "customerMasterKeySpec": "SYMMETRIC_DEFAULT",
    "multiRegion": False,
    "enableKeyRotation": False,
    "description": "",
}
_FIXED = ("customerMasterKeySpec", "keyUsage", "multiRegion", "customKeyStoreId")
_FORM, _INVALID = "alias/(?!aws/)[a-zA-Z0-9:/_-]{1,250}", "ValidationException"
_NAME = Name(
    "name", _KMS, _FORM, _INVALID, "{account}/{region}/{name}", "AlreadyExistsException", tidy="alias/{}".format
)
_SENT = "Policy Description KeyUsage KeySpec=customerMasterKeySpec MultiRegion"
_KEY_API = Api("kms.create_key", _SENT, "KeyMetadata.KeyId", "kms.schedule_key_deletion KeyId")
_ALIAS_API = Api("kms.create_alias", "AliasName=name TargetKeyId", gone="kms.delete_alias AliasName")
_ON_ALIAS = {"arn": "arn:aws:kms:{region}:{account}:{name}", "targetKeyArn": _target}
_TARGET = Ref("targetKeyId", KEY, "NotFoundException", _KMS, by=("keyId", "arn"))
TYPES = (
    _Key(KEY, 20, "", _HAS, _FIXED, keeps_name="pending deletion", api=_KEY_API),
    _Alias(ALIAS, 1, "", _ON_ALIAS, ("name", "namePrefix"), (_TARGET,), _NAME, api=_ALIAS_API),
)


def caller(account: str) -> tuple[str, ...]:
    """The names by which a key policy may mean the deploying identity: its account, whose IAM then decides."""
    return account, f"arn:aws:iam::{account}:root"


def denied(
    operation: Operation, key: str, service: str = "s3", actions: tuple[str, ...] = ("GenerateDataKey", "Decrypt")
) -> str | None:
    """What keeps the caller, on whose behalf S3, RDS and most services use a key, from using this one."""
    found = operation.find(KEY, key, ("keyId", "arn"), anywhere=False)
    if found is None or not found.get("isEnabled"):
        return f"the key {key!r} {'is disabled' if found else f'does not exist in {operation.region}'}"
    via = {"kms:ViaService": f"{service}.{operation.region}.amazonaws.com", "kms:CallerAccount": operation.account}
    for action in (f"kms:{name}" for name in actions):
        if not allows(found.get("policy"), caller(operation.account), action, context=via):
            return f"the policy of {found.get('arn')} lets nobody in {operation.account} do {action}"
    return None


@rule(KEY, "MalformedPolicyDocumentException", _KMS, property_="policy", fix="allow kms:* to the account's root")
def _policy(operation: Operation) -> str | None:
    """`policy` is a document with statements, and leaves the account able to change it."""
    for policy in operation.at("policy"):
        if statements(policy) is None:
            return "the key policy is not a JSON document with statements"
        locked = not allows(policy, caller(operation.account), "kms:PutKeyPolicy")
        if locked and not operation.one("bypassPolicyLockoutSafetyCheck"):
            return "the new key policy will not allow you to update the key policy in the future"
    return None


@rule(KEY, "MalformedPolicyDocumentException", Source("TF issue 28644, provider source", "D"), property_="policy")
def _principals(operation: Operation) -> str | None:
    """Roles of the account that the policy names exist."""
    own = f"arn:aws:iam::{operation.account}:role/"
    there = {role.get("arn") for role in operation.others(ROLE)} | {own + name for name in LINKED.values()}
    for statement in (found for policy in operation.at("policy") for found in statements(policy) or []):
        who = statement.get("Principal")
        named = who.get("AWS", []) if isinstance(who, dict) else []
        for arn in named if isinstance(named, list) else [named]:
            if str(arn).startswith(own) and arn not in there:
                return f"policy contains a statement with one or more invalid principals: {arn}"
    return None


RULES = (
    between(KEY, "rotationPeriodInDays", 90, 2560, _INVALID, _SDK),
    between(KEY, "deletionWindowInDays", 7, 30, _INVALID, _SDK),
    _policy,
    _principals,
)
