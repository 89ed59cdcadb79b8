"""The environment in which Pulumi's commands meet the simulated clouds."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import simulator
import toolchain
from demo.project import PACK, REPOSITORY, Project
from fleet import Fleet
from infra import sources

CLOUDS = ("aws", "gcp", "azure")


def modules(arguments: Sequence[str]) -> tuple[str, ...]:
    """What a program or policy pack will import, by the arguments that it is run with."""
    stack = arguments[arguments.index("--stack") + 1] if "--stack" in arguments else ""
    cloud = stack.partition("-")[0]
    return (f"components.clouds.{cloud}", "infra.sources") if cloud in CLOUDS else ("pulumi_policy",)


@contextmanager
def session(project: Project, progress: Callable[[str], None], *, warm: bool | None = None) -> Iterator[Fleet]:
    """The engine on PATH and the simulated clouds attached, for as long as it lasts, in this process's environment.

    Builds the engine first where there is none, which takes minutes: `progress` is told.
    warm: programs start with their SDK imported, by a language host in this process (`toolchain.attached`); else as
    they do for everybody. Unless it is given, RAMPART_WARM=1 asks for it (docs/decisions/0007).
    """
    engine = toolchain.ensure(progress=progress)
    project.home.mkdir(parents=True, exist_ok=True)
    with simulator.start(project.clouds) as clouds:
        before = dict(os.environ)
        os.environ |= project.prepare() | clouds.environment
        os.environ |= engine.environment()
        if os.environ.get("RAMPART_WARM") == "1" if warm is None else warm:
            os.environ |= toolchain.attached(engine, modules, (str(REPOSITORY),))
        try:
            ours = sources.team(sources.config_dir(project.folder))
            yield Fleet(
                project=project.folder,
                pack=PACK,
                pack_config=project.pack_config,
                secrets_provider=ours.secrets_provider,
                lag=0,
            )
        finally:
            os.environ.clear()
            os.environ |= before
