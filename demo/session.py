"""The environment in which Pulumi's commands meet the simulated clouds."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import simulator
import toolchain
from demo.project import PACK, Project
from fleet import Fleet
from infra import sources


@contextmanager
def session(project: Project, progress: Callable[[str], None]) -> Iterator[Fleet]:
    """The engine on PATH and the simulated clouds attached, for as long as it lasts, in this process's environment.

    Builds the engine first where there is none, which takes minutes: `progress` is told.
    """
    engine = toolchain.ensure(progress=progress)
    project.home.mkdir(parents=True, exist_ok=True)
    with simulator.start(project.clouds) as clouds:
        before = dict(os.environ)
        os.environ |= project.prepare() | clouds.environment
        os.environ |= engine.environment()
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
