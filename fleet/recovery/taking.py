"""Having a restored server be the stack's own: its state names another server from then on, and nothing is replaced."""

import copy
from pathlib import Path

from pulumi import automation

from fleet import engine
from fleet.recovery.wanted import RecoveryError

SERVERS = ("aws:rds/instance:Instance", "gcp:sql/databaseInstance:DatabaseInstance")
"""What can be taken so. A server of Azure has its name in its id, and the program says which."""


def take(stack: automation.Stack, settings: Path, secrets_provider: str, id_: str) -> bool:
    """Put the server that has this id in place of the stack's; False if it is the stack's already.

    id_: the resource id (`db-...`) on AWS, the name on Google Cloud. It is read, in a scratch copy of the state, before
    the state is changed, once. Raises `RecoveryError` if there is no such server, or the stack's cannot be taken so;
    automation.CommandError if the provider cannot say.
    """
    before = engine.export(stack)
    servers = [one for one in before["deployment"].get("resources") or [] if one["type"] in SERVERS]
    if len(servers) != 1:
        raise RecoveryError(f"{stack.name} has no server that can be taken so: see docs/recover.md for its cloud")
    urn = servers[0]["urn"]
    if servers[0]["id"] == id_:
        return False
    after = copy.deepcopy(before)
    [server] = [one for one in after["deployment"]["resources"] if one["urn"] == urn]
    server["id"] = server["outputs"]["id"] = id_
    with engine.scratch(stack, settings, secrets_provider) as there:
        found = engine.read(there, after, [urn]).get(urn)
    if not found:
        raise RecoveryError(f"there is no server {id_!r}: nothing was changed")
    server.update(found[0])
    engine.replace(stack, after)
    return True
