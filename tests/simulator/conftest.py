"""A provider behind real gRPC in this process, and a client that speaks to it as the engine does."""

import contextlib
from collections.abc import Callable, Iterator
from concurrent import futures
from pathlib import Path
from typing import Any

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2 as pb
from pulumi.runtime.proto.provider_pb2_grpc import ResourceProviderStub, add_ResourceProviderServicer_to_server

from simulator.provider import Provider
from simulator.state import Store
from simulator.values import Props, decode, encode

SETTINGS: dict[str, Props] = {
    "aws": {"region": "us-east-1", "allowedAccountIds": ["111122223333"]},
    "gcp": {"region": "us-east4", "project": "rampart-demo"},
    "azure-native": {
        "subscriptionId": "00000000-0000-4000-8000-00000000d3e0",
        "tenantId": "00000000-0000-4000-8000-000000007e4a",
        "location": "eastus2",
    },
    "random": {},
}


class Refused(Exception):
    """What the provider answered instead: failures of a check, or an error."""


class Engine:
    """One provider instance, driven as the engine drives it."""

    def __init__(self, address: str, package: str, settings: Props | None = None, configure: bool = True) -> None:
        self.channel = grpc.insecure_channel(address, options=[("grpc.use_local_subchannel_pool", 1)])
        self.stub = ResourceProviderStub(self.channel)
        self.stub.Handshake(pb.ProviderHandshakeRequest(engine_address="none"))
        if configure:
            self.configure(SETTINGS[package] if settings is None else settings)

    def configure(self, settings: Props) -> None:
        checked = self.stub.CheckConfig(pb.CheckRequest(news=encode(settings)))
        _no_failures(checked.failures)
        self._call(self.stub.Configure, pb.ConfigureRequest(args=checked.inputs, acceptSecrets=True))

    def check(self, token: str, name: str, inputs: Props, olds: Props | None = None) -> Props:
        news, old = encode(inputs), encode(olds or {})
        urn = f"urn:pulumi:test::test::{token}::{name}"
        request = pb.CheckRequest(urn=urn, name=name, type=token, news=news, olds=old, randomSeed=name.encode())
        answer = self._call(self.stub.Check, request)
        _no_failures(answer.failures)
        return dict(decode(answer.inputs))

    def create(self, token: str, name: str, inputs: Props, preview: bool = False) -> tuple[str, Props]:
        """Check and create; the id and the outputs."""
        return self.send(token, name, self.check(token, name, inputs), preview)

    def send(self, token: str, name: str, checked: Props, preview: bool = False) -> tuple[str, Props]:
        """Create from inputs that were checked before."""
        urn, news = f"urn:pulumi:test::test::{token}::{name}", encode(checked)
        answer = self._call(
            self.stub.Create, pb.CreateRequest(urn=urn, name=name, type=token, properties=news, preview=preview)
        )
        return answer.id, decode(answer.properties)

    def diff(self, token: str, olds: Props, news: Props) -> pb.DiffResponse:
        """The difference between two sets of checked inputs."""
        request = pb.DiffRequest(type=token, name="x", urn="x", id="x", old_inputs=encode(olds), news=encode(news))
        answer: pb.DiffResponse = self._call(self.stub.Diff, request)
        return answer

    def update(self, token: str, id_: str, olds: Props, inputs: Props, preview: bool = False) -> Props:
        news = encode(self.check(token, "x", inputs))
        request = pb.UpdateRequest(id=id_, type=token, name="x", urn="x", olds=encode(olds), news=news, preview=preview)
        return dict(decode(self._call(self.stub.Update, request).properties))

    def read(
        self, token: str, id_: str, state: Props | None = None, inputs: Props | None = None
    ) -> tuple[Props, Props]:
        had, given = encode(state or {}), encode(inputs or {})
        request = pb.ReadRequest(id=id_, type=token, name="x", urn="x", properties=had, inputs=given)
        answer = self._call(self.stub.Read, request)
        return decode(answer.properties), decode(answer.inputs)

    def delete(self, token: str, id_: str, state: Props | None = None) -> None:
        request = pb.DeleteRequest(id=id_, type=token, name="x", urn="x", properties=encode(state or {}))
        self._call(self.stub.Delete, request)

    def invoke(self, token: str, arguments: Props) -> Props:
        return dict(
            decode(getattr(self._call(self.stub.Invoke, pb.InvokeRequest(tok=token, args=encode(arguments))), "return"))
        )

    @staticmethod
    def _call(method: Any, request: Any) -> Any:
        try:
            return method(request)
        except grpc.RpcError as error:
            details = error.details() if isinstance(error, grpc.Call) else str(error)
            raise Refused(details) from None


def _no_failures(failures: Any) -> None:
    if failures:
        raise Refused("; ".join(f"{failure.property}: {failure.reason}" for failure in failures))


Connect = Callable[..., Engine]


@contextlib.contextmanager
def serving(store: Store, package: str) -> Iterator[str]:
    """One package's provider over loopback; gives its address."""
    server = grpc.server(futures.ThreadPoolExecutor(8))
    add_ResourceProviderServicer_to_server(Provider(package, store), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield f"127.0.0.1:{port}"
    server.stop(None)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "clouds.db")
    yield opened
    opened.close()


@pytest.fixture
def connect(store: Store) -> Iterator[Connect]:
    """Make provider instances on one empty account: `connect("gcp")`, or with other settings."""
    with contextlib.ExitStack() as stack:
        addresses: dict[str, str] = {}

        def engine(package: str, settings: Props | None = None, configure: bool = True) -> Engine:
            if package not in addresses:
                addresses[package] = stack.enter_context(serving(store, package))
            made = Engine(addresses[package], package, settings, configure)
            stack.callback(made.channel.close)
            return made

        yield engine


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Try each case of a `tests.simulator.rule_cases.Rules`."""
    cases = getattr(metafunc.cls, "cases", None)
    if cases is not None and "rule" in metafunc.fixturenames:
        metafunc.parametrize("rule", cases)
