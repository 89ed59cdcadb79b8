"""moto's own server over the simulated account, so that boto3 and the AWS CLI can look at it."""

import socket
from collections.abc import Callable, Iterable
from typing import Any

from simulator.aws.account import ACCOUNT, Account
from simulator.state import Store


def serve(listener: socket.socket, store: Store) -> None:
    """Answer on a listening socket for as long as the process lives. What is changed here is not kept."""
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
    from werkzeug.serving import make_server

    with store.lock:
        Account.of(store)
    moto = DomainDispatcherApplication(create_backend_app)

    def locked(environ: dict[str, Any], respond: Callable[..., Any]) -> Iterable[bytes]:
        environ.setdefault("HTTP_X_MOTO_ACCOUNT_ID", ACCOUNT)
        with store.lock:
            answer: Iterable[bytes] = moto(environ, respond)
            return answer

    host, port = listener.getsockname()
    server = make_server(host, port, locked, threaded=True, request_handler=MotoRequestHandler, fd=listener.fileno())
    server.serve_forever()
