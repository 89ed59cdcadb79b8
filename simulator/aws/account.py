"""The AWS services that moto plays, in this process: loaded at the first need, rebuilt from the records.

moto keeps nothing across restarts, and our records are the truth. So every resource is made with its own seed for
moto's ids, and making the records again in order gives the same account; that it does is checked.
"""

import functools
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from simulator import values
from simulator.cloud import Operation, Refusal, ResourceType, Scope
from simulator.state import Record, Store
from simulator.values import Props

ACCOUNT = "111122223333"  # whose credentials a provider has unless it assumes a role
_CASES = {"id": "ID", "kmsMasterKeyId": "KMSMasterKeyID", "sseAlgorithm": "SSEAlgorithm"}


class Account:
    """moto behind boto3 clients; one per process, since moto's state is."""

    only: "Account | None" = None

    def __init__(self) -> None:
        # moto would read thousands of images that nothing here boots, half of the time it takes to load
        os.environ["MOTO_AMIS_PATH"] = str(Path(__file__).with_name("no_images.json"))
        import boto3
        from moto import mock_aws
        from moto.kms import models
        from moto.kms.utils import generate_private_key

        # moto makes each key, symmetric ones too, a pair of RSA keys that nothing here signs with: one pair does
        vars(models)["generate_private_key"] = functools.cache(generate_private_key)
        # Made-up keys: this process never leaves loopback, and must not pick up the user's own.
        self._session = boto3.session.Session(aws_access_key_id="simulated", aws_secret_access_key="simulated")  # noqa: S106
        self._moto = mock_aws(config={"core": {"mock_credentials": False}})
        self._moto.start()
        self._begun: set[tuple[str, str]] = set()
        self.store: Store | None = None

    @classmethod
    def of(cls, store: Store) -> "Account":
        """The account as the records say it is. Raises RuntimeError if moto makes other ids than it did."""
        cls.only = cls.only or Account()
        if cls.only.store is not store:
            cls.only._rebuild(store)
        return cls.only

    def _rebuild(self, store: Store) -> None:
        self._moto.reset()
        self._begun.clear()
        self.store = store
        from simulator.aws import CLOUD

        waiting = [record for record in store.all("aws") if isinstance(CLOUD.types[record.type], AwsType)]
        while waiting:
            left = [record for record in waiting if not self._again(record, store)]
            if left == waiting:
                raise RuntimeError(f"moto does not make {left[0].id} ({left[0].type}) again: has it been upgraded?")
            waiting = left

    def _again(self, record: Record, store: Store) -> bool:
        """Make a record again in moto, if what it names is there already: an update may have named something newer."""
        from simulator.aws import CLOUD

        row = CLOUD.types[record.type]
        assert isinstance(row, AwsType)
        names = dict.fromkeys(("bucket", "name"), record.id)  # the only secrets that this cannot do without
        scope, inputs = Scope(record.account, record.region), store.unseal(record.inputs, names)
        again = Operation(cloud=CLOUD, type=row, scope=scope, store=store, raw=inputs, seed=record.seed)
        try:
            made = row.make(self.calls(again))
        except Refusal:
            return False
        return again.id == record.id and all(record.get(key) == made[key] for key in made if key.endswith("Id"))

    def calls(self, operation: Operation) -> "Calls":
        """The operation's way to the services; the ids that moto makes there come from the operation's seed alone."""
        from moto.backends import get_backend
        from moto.core.models import DEFAULT_ACCOUNT_ID
        from moto.moto_api._internal import mock_random

        # What is there from the start (a default VPC, also that of the account moto looks into first) makes ids too.
        for place in ((DEFAULT_ACCOUNT_ID, "us-east-1"), (operation.account, operation.region)):
            if place not in self._begun:
                self._begun.add(place)
                for backends in (get_backend("ec2"), get_backend("kms")):
                    backends[place[0]][place[1]]
        mock_random.seed(operation.seed)
        return Calls(operation, self)

    @functools.cache  # noqa: B019  (the account lives as long as the process)
    def client(self, service: str, region: str, account: str) -> Any:
        """A boto3 client for one account and region."""
        from botocore.config import Config

        # AWS_ENDPOINT_URL may lead to another simulated account, or to this one's own front door.
        config = Config(ignore_configured_endpoint_urls=True)
        client = self._session.client(service, region_name=region, config=config)
        headers = {"x-moto-account-id": account}
        client.meta.events.register("before-call", lambda params, **_: params["headers"].update(headers))
        return client


@dataclass(frozen=True)
class Calls:
    """One operation's way to the services."""

    operation: Operation
    account: Account

    def __call__(self, method: str, **parameters: Any) -> Any:
        """Call `service.method` of boto3; parameters that are None are left out. Raises Refusal."""
        from botocore.exceptions import ClientError, ParamValidationError

        service, _, name = method.partition(".")
        client = self.account.client(service, self.operation.region, self.operation.account)
        try:
            return getattr(client, name)(**{key: value for key, value in parameters.items() if value is not None})
        except ClientError as error:
            raise Refusal(error.response["Error"]["Code"], error.response["Error"]["Message"]) from None
        except ParamValidationError as error:
            raise Refusal("ValidationException", str(error)) from None


class Api(NamedTuple):
    """How moto is asked for a type.

    call, send: the boto3 method that makes it, and its parameters; each is the input of that name in camel case, unless
    `Parameter=input` says otherwise. got: where the id is in the answer; if nowhere, it is the first parameter. gone:
    the method that takes it away, and the parameter for its id. tagged: the EC2 type of its tags.
    """

    call: str
    send: str = ""
    got: str = ""
    gone: str = ""
    tagged: str = ""


_NO_API = Api("")


@dataclass(frozen=True)
class AwsType(ResourceType):
    """A type that moto has too."""

    api: Api = _NO_API

    def make(self, aws: Calls) -> Props:
        """Make it in moto: set the operation's id, and return what only moto knows."""
        inputs = aws.operation.inputs
        given: Props = {}
        for parameter, _, name in (word.partition("=") for word in self.api.send.split()):
            given[parameter] = inputs.get(name or parameter[0].lower() + parameter[1:])
        first = next(iter(given.values()))
        if self.api.tagged and inputs.get("tagsAll"):
            tags = [{"Key": key, "Value": value} for key, value in inputs["tagsAll"].items()]
            given["TagSpecifications"] = [{"ResourceType": self.api.tagged, "Tags": tags}]
        answer = aws(self.api.call, **given)
        aws.operation.id = values.at(answer, self.api.got)[0] if self.api.got else first
        return self.made(aws, answer)

    def made(self, aws: Calls, answer: Any) -> Props:
        """Finish what `call` began; return what only moto knows."""
        return {}

    def change(self, aws: Calls) -> None:
        """Bring moto up to date."""

    def create(self, operation: Operation) -> Props:
        made = self.make(Account.of(operation.store).calls(operation))
        return self.describe(operation) | made

    def update(self, operation: Operation) -> Props:
        self.change(Account.of(operation.store).calls(operation))
        return super().update(operation)

    def describe(self, operation: Operation) -> Props:
        return {"region": operation.region} | super().describe(operation)

    def delete(self, operation: Operation) -> None:
        if self.api.gone and Account.only and Account.only.store is operation.store:  # else it is not in moto
            method, parameter = self.api.gone.split()
            which = [operation.id] if parameter.endswith("s") else operation.id
            Account.only.calls(operation)(method, **{parameter: which})


def pascal(value: Any) -> Any:
    """Properties in the spelling of the S3 API: `noncurrentDays` is `NoncurrentDays`."""
    if isinstance(value, dict):
        return {_CASES.get(key) or key[0].upper() + key[1:]: pascal(item) for key, item in value.items()}
    return [pascal(item) for item in value] if isinstance(value, list) else value
