"""How long the demonstration takes, warm: three stacks from nothing, then with nothing to change.

`python -m bench.demonstration [runs]` prints each run's wall seconds and the medians. Every run starts from an empty
home, with the engine and the SDKs installed; the process is timed whole, as `make up` starts it.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent


def main(runs: int) -> None:
    found: dict[str, list[float]] = {"from nothing": [], "nothing to change": []}
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as home:
            for seconds in found.values():
                started = time.monotonic()
                subprocess.run([sys.executable, "-m", "demo", "--home", home, "up"], cwd=REPOSITORY, check=True)
                seconds.append(time.monotonic() - started)
    for name, seconds in found.items():
        print(f"{name:<18} median {statistics.median(seconds):5.1f} s   all {' '.join(f'{s:.1f}' for s in seconds)}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
