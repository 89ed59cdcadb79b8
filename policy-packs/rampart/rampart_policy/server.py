"""The process that the engine starts: an `Analyzer` behind a port, which is printed."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor

import grpc
from pulumi.runtime.proto import analyzer_pb2_grpc

from rampart_policy.analyzer import Analyzer

MAXIMUM_MESSAGE = 400 * 1024 * 1024
"""Bytes. A whole stack arrives in one message; the limit is the policy SDK's."""


def serve() -> None:
    """Serve until the engine asks the process to stop.

    One thread: judging is work for one core, and the engine sends resources one by one.
    """
    for stop in (signal.SIGINT, signal.SIGTERM):
        # The engine waits five seconds for a plugin that does not leave at once.
        signal.signal(stop, lambda *_: os._exit(0))
    options = [("grpc.max_receive_message_length", MAXIMUM_MESSAGE)]
    server = grpc.server(ThreadPoolExecutor(max_workers=1), options=options)
    analyzer_pb2_grpc.add_AnalyzerServicer_to_server(Analyzer(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    server.wait_for_termination()
