"""The AWS services that moto plays, in this process: loaded at the first need, rebuilt from the records.

moto keeps nothing across restarts, and our records are the truth. So every resource is made with its own seed for
moto's ids, and making the records again in order gives the same account; that it does is checked.
"""

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from simulator import values
from simulator.cloud import Operation, Refusal, ResourceType, Scope
from simulator.state import Store
from simulator.values import Props

ACCOUNT = "111122223333"  # whose credentials a provider has unless it assumes a role
_CASES = {"id": "ID", "kmsMasterKeyId": "KMSMasterKeyID", "sseAlgorithm": "SSEAlgorithm"}


class Account:
    """moto behind boto3 clients; one per process."""

    loaded: "Account | None" = None

    def __init__(self) -> None:
        import boto3
        from moto import mock_aws
        from moto.moto_api._internal import mock_random

        # Made-up keys: this process never leaves loopback, and must not pick up the user's own.
        self._session = boto3.session.Session(aws_access_key_id="simulated", aws_secret_access_key="simulated")  # noqa: S106
        self.random = mock_random
        self._mock = mock_aws(config={"core": {"mock_credentials": False}})
        self._mock.start()

    @classmethod
    def ready(cls, store: Store) -> "Account":
        """The account as the records say it is. Raises RuntimeError if moto makes other ids than it did."""
        if Account.loaded is None:
            Account.loaded = Account()
            Account.loaded._replay(store)
        return Account.loaded

    def _replay(self, store: Store) -> None:
        from simulator.aws import CLOUD

        for record in store.all("aws"):
            scope, row = Scope(record.account, record.region), CLOUD.types[record.type]
            again = Operation(cloud=CLOUD, type=row, scope=scope, store=store, raw=record.inputs, seed=record.seed)
            assert isinstance(row, AwsType)
            made = row.make(Calls(again, self))
            if again.id != record.id or any(record.outputs.get(key) != value for key, value in made.items()):
                raise RuntimeError(f"moto made {again.id} where {record.id} was ({record.type}): has it been upgraded?")

    def close(self) -> None:
        """Forget moto's side; the records stay."""
        self._mock.stop()
        Account.loaded = None

    @functools.cache  # noqa: B019  (the account lives as long as the process)
    def client(self, service: str, region: str, account: str) -> Any:
        """A boto3 client for one account and region."""
        client = self._session.client(service, region_name=region)
        headers = {"x-moto-account-id": account}
        client.meta.events.register("before-call", lambda params, **_: params["headers"].update(headers))
        if service == "ec2":
            client.describe_vpcs()  # makes the region's default VPC, whose ids must not come from an operation's seed
        return client


@dataclass
class Calls:
    """One operation's way to the services; moto's ids come from the operation's seed."""

    operation: Operation
    account: Account
    seeded: bool = False

    def __call__(self, method: str, **parameters: Any) -> Any:
        """Call `service.method` of boto3; parameters that are None are left out. Raises Refusal."""
        from botocore.exceptions import ClientError, ParamValidationError

        service, _, name = method.partition(".")
        client = self.account.client(service, self.operation.region, self.operation.account)
        if not self.seeded:
            self.account.random.seed(self.operation.seed)
            self.seeded = True
        try:
            return getattr(client, name)(**{key: value for key, value in parameters.items() if value is not None})
        except ClientError as error:
            raise Refusal(error.response["Error"]["Code"], error.response["Error"]["Message"]) from None
        except ParamValidationError as error:
            raise Refusal("ValidationException", str(error)) from None


@dataclass(frozen=True)
class AwsType(ResourceType):
    """A type that moto has too.

    call, send: the boto3 method that makes it, and its parameters by the inputs they come from. got: where the id is in
    the answer. tagged: the EC2 type of its tags. gone: the method that takes it away, and the parameter for its id.
    """

    call: str = ""
    send: Mapping[str, str] = field(default_factory=dict)
    got: str = ""
    tagged: str = ""
    gone: tuple[str, str] = ("", "")

    def make(self, aws: Calls) -> Props:
        """Make it in moto: set the operation's id, and return what only moto knows."""
        inputs = aws.operation.inputs
        given: Props = {parameter: inputs.get(name) for parameter, name in self.send.items()}
        if self.tagged and inputs.get("tagsAll"):
            tags = [{"Key": key, "Value": value} for key, value in inputs["tagsAll"].items()]
            given["TagSpecifications"] = [{"ResourceType": self.tagged, "Tags": tags}]
        answer = aws(self.call, **given)
        aws.operation.id = values.at(answer, self.got)[0] if self.got else inputs[next(iter(self.send.values()))]
        return self.made(aws, answer)

    def made(self, aws: Calls, answer: Any) -> Props:
        """Finish what `call` began; return what only moto knows."""
        return {}

    def change(self, aws: Calls) -> None:
        """Bring moto up to date."""

    def create(self, operation: Operation) -> Props:
        made = self.make(Calls(operation, Account.ready(operation.store)))
        return self.describe(operation) | made

    def update(self, operation: Operation) -> Props:
        self.change(Calls(operation, Account.ready(operation.store)))
        return super().update(operation)

    def describe(self, operation: Operation) -> Props:
        return {"region": operation.region} | super().describe(operation)

    def delete(self, operation: Operation) -> None:
        if Account.loaded and self.gone[0]:  # else there is nothing to take it out of
            method, parameter = self.gone
            which = [operation.id] if parameter.endswith("s") else operation.id
            Calls(operation, Account.loaded)(method, **{parameter: which})


def pascal(value: Any) -> Any:
    """Properties in the spelling of the S3 API: `noncurrentDays` is `NoncurrentDays`."""
    if isinstance(value, dict):
        return {_CASES.get(key) or key[0].upper() + key[1:]: pascal(item) for key, item in value.items()}
    return [pascal(item) for item in value] if isinstance(value, list) else value
