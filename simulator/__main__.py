"""The server process of one state file: `python -m simulator --state FILE`, started by `simulator.start`."""

import argparse
import contextlib
import fcntl
import importlib
import json
import os
import selectors
import signal
import socket
import threading
from concurrent import futures
from pathlib import Path

import grpc
from pulumi.runtime.proto import provider_pb2_grpc

from simulator.client import BUSY, lock_file
from simulator.provider import PACKAGES, Provider
from simulator.state import Store

# What else listens, and the module whose `serve` answers there from the first connection on
_ENDPOINTS = {"AWS_ENDPOINT_URL": "simulator.aws.endpoint"}


def main() -> None:
    """Serve until the last lease ends, or until SIGINT or SIGTERM: at once, since every answer is already on disk."""
    arguments = argparse.ArgumentParser(prog="simulator", description=__doc__)
    arguments.add_argument("--state", type=Path, required=True, help="the SQLite file that holds what exists")
    arguments.add_argument("--lease", type=int, help="descriptor of the first client's socket")
    given = arguments.parse_args()
    given.state = given.state.resolve()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: os._exit(0))
    with lock_file(given.state).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SystemExit(BUSY) from None
        lock.truncate(0)  # the port of an earlier server
        _serve(given.state, [socket.socket(fileno=given.lease)] if given.lease else [])
        os._exit(0)  # no waiting for idle threads


def _serve(state: Path, leases: list[socket.socket]) -> None:
    store = Store(state)
    waiting = selectors.DefaultSelector()
    control = socket.create_server(("127.0.0.1", 0))
    waiting.register(control, selectors.EVENT_READ)
    ports: dict[str, int] = {}
    servers = []  # a server that nobody refers to stops
    for package in PACKAGES:
        server = grpc.server(futures.ThreadPoolExecutor(16), options=[("grpc.max_receive_message_length", -1)])
        provider_pb2_grpc.add_ResourceProviderServicer_to_server(Provider(package, store), server)
        ports[package] = server.add_insecure_port("127.0.0.1:0")
        server.start()
        servers.append(server)
    environment = {"PULUMI_DEBUG_PROVIDERS": ",".join(f"{package}:{port}" for package, port in ports.items())}
    for name, module in _ENDPOINTS.items():
        listener = socket.create_server(("127.0.0.1", 0))
        environment[name] = f"http://127.0.0.1:{listener.getsockname()[1]}"
        waiting.register(listener, selectors.EVENT_READ, module)
    greeting = json.dumps({"state": str(state), "environment": environment}).encode() + b"\n"
    lock_file(state).write_text(f"{control.getsockname()[1]} {os.getpid()}")
    held: set[socket.socket] = set()

    def lend(lease: socket.socket) -> None:
        held.add(lease)
        waiting.register(lease, selectors.EVENT_READ)
        with contextlib.suppress(OSError):  # a client that has gone already is noticed below
            lease.sendall(greeting)

    for lease in leases:
        lend(lease)
    while True:
        for key, _ in waiting.select():
            if key.fileobj is control:
                lend(control.accept()[0])
            elif isinstance(key.data, str):
                waiting.unregister(key.fileobj)
                serve = importlib.import_module(key.data).serve
                threading.Thread(target=serve, args=[key.fileobj, store], daemon=True).start()
            elif isinstance(key.fileobj, socket.socket) and not _alive(key.fileobj):
                waiting.unregister(key.fileobj)
                held.discard(key.fileobj)
                if not held:
                    return


def _alive(lease: socket.socket) -> bool:
    try:
        return bool(lease.recv(64))
    except OSError:
        return False


if __name__ == "__main__":
    main()
