"""The process: a gRPC server that lives as long as the engine wants it, and leaves nothing behind."""

import argparse
import os
import signal
import stat
import sys
import threading
from collections.abc import Sequence
from concurrent import futures
from pathlib import Path

import grpc
from pulumi.runtime.proto import language_pb2_grpc

from .processes import Processes
from .servicer import LanguageHost

# Each running program, policy pack and plugin holds one thread for as long as it runs.
_THREADS = 64
_OPTIONS = (("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1))


def main(arguments: Sequence[str]) -> None:
    """Serve until the engine stops this process or is gone itself, then end what was started and leave."""
    parser = argparse.ArgumentParser(prog="pulumi-language-python")
    parser.add_argument("--use-executor", type=Path, required=True, help="the script that runs a program")
    parser.add_argument("--tracing", default="", help="where to send traces")
    parser.add_argument("engine", nargs="?", default="", help="the engine's address")
    known, _ = parser.parse_known_args(arguments)  # the engine adds logging flags of its own

    # The engine asks by signal and waits up to five seconds for the process to end. Python runs a signal's handler in
    # the main thread alone, and gRPC's threads may take the signal: what wakes the main thread is the pipe.
    leave, ask = os.pipe()
    os.set_blocking(ask, False)
    signal.set_wakeup_fd(ask)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)

    processes = Processes()
    server = grpc.server(futures.ThreadPoolExecutor(_THREADS), options=_OPTIONS)
    host = LanguageHost(processes, executor=known.use_executor, engine=known.engine, tracing=known.tracing)
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(host, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)

    threading.Thread(target=_wait_for_parent, args=(ask,), daemon=True).start()
    os.read(leave, 1)
    processes.close()
    sys.stdout.flush()
    os._exit(0)  # an orderly exit would wait for the calls under way


def _wait_for_parent(ask: int) -> None:
    """Write to `ask` when the engine ends, however it ends: it holds the other end of standard input."""
    if not stat.S_ISFIFO(os.fstat(0).st_mode):
        return  # started by hand
    while os.read(0, 4096):
        pass
    os.write(ask, b"\0")
