"""The server process of one state file: `python -m simulator --state FILE`, started by `simulator.start`."""

import argparse
import fcntl
import importlib
import json
import os
import select
import signal
import socket
import threading
from concurrent import futures
from pathlib import Path

import grpc
from pulumi.runtime.proto import provider_pb2_grpc

from simulator.client import BUSY, beside
from simulator.faults import Faults
from simulator.provider import PACKAGES, Provider
from simulator.state import Store

_serving: list[grpc.Server] = []  # a server that nobody refers to stops


def main() -> None:
    """Serve until the last lease ends, or until SIGINT or SIGTERM: at once, since every answer is already on disk."""
    arguments = argparse.ArgumentParser(prog="simulator", description=__doc__)
    arguments.add_argument("--state", type=Path, required=True, help="the SQLite file that holds what exists")
    state: Path = arguments.parse_args().state.resolve()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: os._exit(0))
    with beside(state, "lock").open("a") as lock, beside(state, "lease").open("a") as lease:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SystemExit(BUSY) from None
        environment = _serve(Store(state), beside(state, "faults"))
        with beside(state, f"server.{os.getpid()}").open("w") as offer:
            json.dump({"pid": os.getpid(), "environment": environment}, offer)
            offer.flush()
            fcntl.flock(offer, fcntl.LOCK_EX)
            Path(offer.name).replace(beside(state, "server"))
            fcntl.flock(lease, fcntl.LOCK_EX)  # had when every client is gone; a new one waits until this process is
            os._exit(0)  # no waiting for idle threads


def _serve(store: Store, faults: Path) -> dict[str, str]:
    """Serve every package, and AWS to its own clients; gives the environment that leads there."""
    ports = {}
    for package in PACKAGES:
        server = grpc.server(futures.ThreadPoolExecutor(16), options=[("grpc.max_receive_message_length", -1)])
        provider_pb2_grpc.add_ResourceProviderServicer_to_server(Provider(package, store, Faults(faults)), server)
        ports[package] = server.add_insecure_port("127.0.0.1:0")
        server.start()
        _serving.append(server)
    listener = socket.create_server(("127.0.0.1", 0))

    def aws_endpoint() -> None:
        select.select([listener], [], [])  # moto is loaded only when somebody wants to look
        importlib.import_module("simulator.aws.endpoint").serve(listener, store)

    threading.Thread(target=aws_endpoint, daemon=True).start()
    debug = ",".join(f"{package}:{port}" for package, port in ports.items())
    return {"PULUMI_DEBUG_PROVIDERS": debug, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{listener.getsockname()[1]}"}


if __name__ == "__main__":
    main()
