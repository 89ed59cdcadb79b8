"""`python -m toolchain`: print the folder to put first on PATH, after building what it holds when needed."""

import signal
import sys

from . import ToolchainError, ensure


def _leave(number: int, _frame: object) -> None:
    sys.exit(128 + number)


def main() -> int:
    # A terminated build has to end the compiler and clear its folder, as an interrupted one does.
    signal.signal(signal.SIGTERM, _leave)
    try:
        print(ensure().directory)
    except ToolchainError as error:
        print(f"toolchain: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
