"""The LanguageRuntime protocol: each call of the engine, and who answers it."""

# ruff: noqa: N802 - the methods' names are the protocol's

import os
import threading
from base64 import b64decode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import language_pb2, language_pb2_grpc, plugin_pb2

from . import VERSION, packages
from .interpreter import Interpreter, OptionError, choose
from .plugin import PluginError, run_plugin
from .processes import Processes
from .program import run_program


class LanguageHost(language_pb2_grpc.LanguageRuntimeServicer):
    """The host. Calls that are not here, code generation among them, are refused as UNIMPLEMENTED."""

    def __init__(self, processes: Processes, *, executor: Path, engine: str, tracing: str = "") -> None:
        self._processes = processes
        self._executor = executor
        self._engine = engine
        self._tracing = tracing
        self._lock = threading.Lock()
        self._interrupts: list[Callable[[], None]] = []
        self._cancelled = False

    def Handshake(
        self, request: language_pb2.LanguageHandshakeRequest, context: grpc.ServicerContext
    ) -> language_pb2.LanguageHandshakeResponse:
        """Take the engine's address, when the engine attaches to a host that it did not start."""
        self._engine = request.engine_address
        return language_pb2.LanguageHandshakeResponse()

    def GetPluginInfo(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> plugin_pb2.PluginInfo:
        """Say which host this is: `pulumi about` shows it."""
        return plugin_pb2.PluginInfo(version=VERSION)

    def About(self, request: language_pb2.AboutRequest, context: grpc.ServicerContext) -> language_pb2.AboutResponse:
        """Describe the interpreter of the project in hand."""
        interpreter = _choose(request.info, context)
        return language_pb2.AboutResponse(
            executable=interpreter.executable, version=interpreter.version(), metadata={"toolchain": "Pip"}
        )

    def GetRequiredPackages(
        self, request: language_pb2.GetRequiredPackagesRequest, context: grpc.ServicerContext
    ) -> language_pb2.GetRequiredPackagesResponse:
        """List the provider plugins that the installed packages need."""
        attached = packages.attached_providers(os.environ.get("PULUMI_DEBUG_PROVIDERS", ""))
        found = packages.plugins(_installed(request.info, context), attached)
        return language_pb2.GetRequiredPackagesResponse(packages=[_dependency(plugin) for plugin in found])

    def GetProgramDependencies(
        self, request: language_pb2.GetProgramDependenciesRequest, context: grpc.ServicerContext
    ) -> language_pb2.GetProgramDependenciesResponse:
        """List the installed packages, or only those that no other requires."""
        return language_pb2.GetProgramDependenciesResponse(
            dependencies=[
                language_pb2.DependencyInfo(name=package["name"], version=package["version"])
                for package in _installed(request.info, context)
                if request.transitiveDependencies or not package["required"]
            ]
        )

    def Run(self, request: language_pb2.RunRequest, context: grpc.ServicerContext) -> language_pb2.RunResponse:
        """Run a program."""

        def on_cancel(interrupt: Callable[[], None]) -> None:
            with self._lock:
                self._interrupts.append(interrupt)
                cancelled = self._cancelled
            if cancelled or not context.add_callback(interrupt):
                interrupt()

        try:
            return run_program(
                request,
                self._processes,
                executor=self._executor,
                engine=self._engine,
                tracing=self._tracing,
                on_cancel=on_cancel,
            )
        except OptionError as error:
            _refuse(context, error)

    def Cancel(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> empty_pb2.Empty:
        """Interrupt the running programs: Ctrl-C reaches the engine alone."""
        with self._lock:
            self._cancelled = True
            interrupts = list(self._interrupts)
        for interrupt in interrupts:
            interrupt()
        return empty_pb2.Empty()

    def RunPlugin(
        self, request: language_pb2.RunPluginRequest, context: grpc.ServicerContext
    ) -> Iterator[language_pb2.RunPluginResponse]:
        """Run a plugin or a policy pack, and stream its output."""

        def on_cancel(end: Callable[[], None]) -> None:
            if not context.add_callback(end):
                end()

        try:
            yield from run_plugin(request, self._processes, on_cancel)
        except (OptionError, PluginError, OSError) as error:
            _refuse(context, error)

    def RuntimeOptionsPrompts(
        self, request: language_pb2.RuntimeOptionsRequest, context: grpc.ServicerContext
    ) -> language_pb2.RuntimeOptionsResponse:
        """Ask for no option: this host offers no choice of tools."""
        return language_pb2.RuntimeOptionsResponse()

    def InstallDependencies(
        self, request: language_pb2.InstallDependenciesRequest, context: grpc.ServicerContext
    ) -> Iterator[language_pb2.InstallDependenciesResponse]:
        """Refuse: Rampart's `make` targets set up the virtual environment."""
        folder = request.info.program_directory
        yield language_pb2.InstallDependenciesResponse(
            stderr=f"Rampart's language host installs nothing. In {folder}: pip install -r requirements.txt\n".encode()
        )
        context.abort(grpc.StatusCode.FAILED_PRECONDITION, "dependencies have to be installed by hand")


def _installed(info: language_pb2.ProgramInfo, context: grpc.ServicerContext) -> list[packages.Package]:
    interpreter = _choose(info, context)
    try:
        return packages.installed_for(interpreter.executable, interpreter.environment())
    except RuntimeError as error:
        _refuse(context, error)


def _choose(info: language_pb2.ProgramInfo, context: grpc.ServicerContext) -> Interpreter:
    try:
        return choose(info)
    except OptionError as error:
        _refuse(context, error)


def _dependency(plugin: packages.Plugin) -> plugin_pb2.PackageDependency:
    dependency = plugin_pb2.PackageDependency(
        name=plugin["name"], kind="resource", version=plugin["version"], server=plugin["server"]
    )
    if parameterization := plugin["parameterization"]:
        dependency.parameterization.CopyFrom(
            plugin_pb2.PackageParameterization(
                name=parameterization.get("name", ""),
                version=parameterization.get("version", ""),
                value=b64decode(parameterization.get("value", "")),
            )
        )
    return dependency


def _refuse(context: grpc.ServicerContext, error: Exception) -> NoReturn:
    context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(error))
