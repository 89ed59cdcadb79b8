"""AWS types that have no security surface of their own, from `data/aws_without_surface.json`.

Each row there has the module of the types' tokens, the reason, and the kinds. What is judged elsewhere is named in the
reason: a part of an API by the API, a scaling policy by what it scales. A type that is neither here, nor in the lists
of the services' own modules, nor read is one that nobody has reviewed.
"""

import json
from pathlib import Path

from rampart_policy.registry import no_surface

ROWS = json.loads((Path(__file__).parents[2] / "data" / "aws_without_surface.json").read_text())

for module, reason, kinds in ROWS:
    no_surface({f"aws:{module}/{kind[0].lower()}{kind[1:]}:{kind}": reason for kind in kinds.split()})
