"""Standing between the engine and a policy pack, to hand the pack the stack's configuration.

The engine sends the configuration to a pack that already serves; `python -m pulumi.policy` reads it from its
environment when it starts. So the host serves first, waits for the configuration, starts the pack with it, and from
then on passes every call through as it is. The official host does the same (sdk/policy_proxy.go).
"""

import json
import threading
from collections.abc import Callable
from concurrent import futures
from functools import partial
from types import TracebackType
from typing import Any, TypeVar

import grpc
from pulumi.runtime.proto import analyzer_pb2

HANDSHAKE = "/pulumirpc.Analyzer/Handshake"
CONFIGURE_STACK = "/pulumirpc.Analyzer/ConfigureStack"

_THREADS = 16
_STOP_SECONDS = 1.0
_OPTIONS = (
    ("grpc.max_receive_message_length", -1),
    ("grpc.max_send_message_length", -1),
    ("grpc.enable_http_proxy", 0),  # both ends are on this machine
)

_T = TypeVar("_T")
_Configuration = analyzer_pb2.AnalyzerStackConfigureRequest


class PolicyPackProxy(grpc.GenericRpcHandler):
    """A server of the Analyzer protocol on `port`, in front of a policy pack that may not run yet."""

    def __init__(self) -> None:
        self._configuration: futures.Future[_Configuration | None] = futures.Future()
        self._pack: futures.Future[grpc.Channel] = futures.Future()
        self._lock = threading.Lock()
        self._server = grpc.server(futures.ThreadPoolExecutor(_THREADS), options=_OPTIONS)
        self._server.add_generic_rpc_handlers((self,))
        self.port = self._server.add_insecure_port("127.0.0.1:0")

    def __enter__(self) -> "PolicyPackProxy":
        self._server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.cancel()
        self._server.stop(_STOP_SECONDS).wait()  # the calls under way learn why
        if self._pack.exception() is None:
            self._pack.result().close()

    def configuration(self) -> dict[str, str]:
        """Wait for the engine's configuration and return it as the variables that a pack's process reads.

        They are none when the engine asks for anything else first: `pulumi policy publish` has no stack.
        """
        request = self._configuration.result()
        if request is None:
            return {}
        variables = {
            "PULUMI_ORGANIZATION": request.organization,
            "PULUMI_PROJECT": request.project,
            "PULUMI_STACK": request.stack,
            "PULUMI_DRY_RUN": "true" if request.dry_run else "false",
            "PULUMI_CONFIG": json.dumps(dict(request.config)),
        }
        return {name: value for name, value in variables.items() if value}

    def attach(self, line: str) -> None:
        """Connect to the pack, whose first line of output is `line`: its port, or nothing when it ended."""
        if not line.strip().isdecimal():
            wrote = f": it wrote {line!r} where its port should be" if line else ""
            self._refuse(f"the policy pack did not start{wrote}")
            return
        channel = grpc.insecure_channel(f"127.0.0.1:{int(line)}", options=_OPTIONS)
        request = self._configuration.result()
        if request is not None:
            try:
                _call(channel, CONFIGURE_STACK, request.SerializeToString())
            except grpc.RpcError as error:
                # A pack of an older SDK does not know the call, and has what it needs from its environment.
                if error.code() != grpc.StatusCode.UNIMPLEMENTED:
                    channel.close()
                    self._refuse(f"the policy pack refused the stack's configuration: {error.details()}")
                    return
        self._settle(self._pack, channel)

    def cancel(self) -> None:
        """Stop waiting: for the configuration, and for the pack."""
        self._settle(self._configuration, None)
        self._refuse("the policy pack has ended")

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> "grpc.RpcMethodHandler[Any, Any]":
        """Return what handles a call, by its method's name. Messages are passed on as bytes."""
        method = handler_call_details.method
        own: dict[str, Callable[[bytes, grpc.ServicerContext], bytes]] = {
            HANDSHAKE: lambda _request, _context: b"",
            CONFIGURE_STACK: self._configure,
        }
        return grpc.unary_unary_rpc_method_handler(own.get(method) or partial(self._forward, method))

    def _configure(self, request: bytes, context: grpc.ServicerContext) -> bytes:
        self._settle(self._configuration, _Configuration.FromString(request))
        return b""

    def _forward(self, method: str, request: bytes, context: grpc.ServicerContext) -> bytes:
        self._settle(self._configuration, None)
        try:
            channel = self._pack.result()
        except RuntimeError as error:
            context.abort(grpc.StatusCode.UNAVAILABLE, str(error))
        try:
            return _call(channel, method, request)
        except grpc.RpcError as error:
            context.set_trailing_metadata(tuple((item.key, item.value) for item in error.trailing_metadata() or ()))
            context.abort(error.code(), error.details() or "")

    def _refuse(self, reason: str) -> None:
        with self._lock:
            if not self._pack.done():
                self._pack.set_exception(RuntimeError(reason))

    def _settle(self, future: "futures.Future[_T]", value: _T) -> None:
        with self._lock:
            if not future.done():
                future.set_result(value)


def _call(channel: grpc.Channel, method: str, request: bytes) -> bytes:
    call: grpc.UnaryUnaryMultiCallable[bytes, bytes] = channel.unary_unary(method)
    return call(request)
