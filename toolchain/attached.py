"""Rampart's language host in this process, for engines that are told to attach to it instead of starting their own."""

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent import futures

from .engine import Engine
from .go import EXECUTOR

Modules = Callable[[Sequence[str]], tuple[str, ...]]
"""What to import beforehand for a process, by its arguments."""

_THREADS = 64
_ports: dict[tuple[Engine, Modules, tuple[str, ...]], int] = {}
_lock = threading.Lock()


def attached(engine: Engine, modules: Modules, path: tuple[str, ...] = ()) -> Mapping[str, str]:
    """The environment in which `engine` attaches to this process, by PULUMI_DEBUG_LANGUAGES.

    Programs and policy packs on this process's interpreter then begin with their modules imported (fork_server.py);
    `path` is where those are found, besides the interpreter's own folders. Their environment is this process's, not the
    engine's. What a program prints goes to standard error. For tools and tests that run the engine many times: an
    engine loses its program if this process ends before it. Empty for an engine that was not built here: the protocol
    of attaching is the CLI's own affair, and only the pinned release is tested for it.
    """
    if not engine.built:
        return {}
    with _lock:
        key = (engine, modules, path)
        if key not in _ports:
            _ports[key] = _serve(*key)
        return {"PULUMI_DEBUG_LANGUAGES": f"python:{_ports[key]}"}


def _serve(engine: Engine, modules: Modules, path: tuple[str, ...]) -> int:
    # The protocol's classes are the SDK's: imported by who runs programs, not by who only looks for the engine.
    import grpc
    from pulumi.runtime.proto import language_pb2_grpc

    from .language_host.forking import ForkingProcesses
    from .language_host.servicer import LanguageHost

    unlimited = (("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1))
    server = grpc.server(futures.ThreadPoolExecutor(_THREADS, thread_name_prefix="language-host"), options=unlimited)
    host = LanguageHost(ForkingProcesses(modules, path), executor=engine.directory / EXECUTOR, engine="")
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(host, server)
    port = int(server.add_insecure_port("127.0.0.1:0"))
    server.start()
    _servers.append(server)
    return port


_servers: list[object] = []  # a server ends when nobody refers to it
