"""Start the host: `python <this folder>` from the cache, `python -m toolchain.language_host` from a checkout."""

import importlib
import importlib.util
import sys

PACKAGE = __package__ or "language_host"


def _pass_over(*packages: str) -> None:
    """Make `packages` importable as parents, without running their `__init__`.

    The host needs the protocol's classes alone. Importing the SDK around them takes twice as long as all the rest of
    the host's start, and a language host is started by every `pulumi` command.
    """
    for name in packages:
        spec = importlib.util.find_spec(name)
        if spec is None:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        sys.modules[name] = importlib.util.module_from_spec(spec)


def main() -> None:
    if PACKAGE == "language_host":
        sys.path[0] = __file__.rsplit("/", 2)[0]
    try:
        _pass_over("pulumi", "pulumi.runtime", "pulumi.runtime.proto")
        server = importlib.import_module(f"{PACKAGE}.server")
    except ImportError as error:
        sys.exit(
            f"pulumi-language-python: {sys.executable} cannot run Rampart's language host ({error}). Activate the "
            "virtual environment with the project's requirements, or name its interpreter in PULUMI_PYTHON_CMD."
        )
    server.main(sys.argv[1:])


main()
