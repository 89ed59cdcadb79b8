"""Google Cloud: a project with its services and what the components make in it."""

import hashlib
import re
from typing import Any, ClassVar

from simulator import sdk
from simulator.cloud import Cloud, Operation, Refusal, Scope
from simulator.gcp import (
    alarms,
    balancing,
    bucket,
    cache,
    cluster,
    dns,
    endpoint,
    federation,
    iam,
    identity,
    keys,
    logs,
    network,
    registry,
    routers,
    secrets,
    sql,
)
from simulator.gcp.resource import FACTS, MET, SDK, Lasting, row
from simulator.regions import regions
from simulator.rules import rule
from simulator.values import UNKNOWN, Props, Secret, known

_STORES = (keys, bucket, logs, sql, registry, secrets, cache)
_PARTS = (identity, network, routers, endpoint, balancing, dns, *_STORES, cluster, iam, alarms, federation)
_ENABLED = row(identity.SERVICE, 20, "{account}/{service}", "project", Lasting)
_ROWS = (_ENABLED, *(row for part in _PARTS for row in part.TYPES))
_ALL = tuple(row.token for row in _ROWS)
_APIS = {"kms": "cloudkms", "sql": "sqladmin", "serviceaccount": "iam", "projects": "cloudresourcemanager"}
_NUMBERS = {"rampart-demo": "424242424242"}
_WIDE = "global|us|eu|europe|asia|(asia|eur|nam)[0-9]+"


@rule(_ALL, "400 invalid", FACTS, "check")
def _place(operation: Operation) -> str | None:
    """`region` is in the catalogue of regions; `location` is, or is one of several regions (`eu`, `nam4`)."""
    for path, wide in (("region", ""), ("location", _WIDE)):
        for place in operation.at(path):
            if place.lower() not in regions("gcp") and not re.fullmatch(wide, place.lower()):
                return f"{place!r} (`{path}`) is no place of Google Cloud"
    return None


@rule(_ALL, "403 forbidden", MET, property_="project", fix="use the provider's")
def _project(operation: Operation) -> str | None:
    """`project` is the provider's: its credentials reach no other."""
    named = operation.inputs.get("project", operation.account)
    return None if named == operation.account else f"no permission on project {named!r}, or it does not exist"


@rule(_ALL[1:], "403 SERVICE_DISABLED", MET, fix="enable it with a projects.Service first")
def _enabled(operation: Operation) -> str | None:
    """The API of the resource is enabled in the project."""
    module = operation.type.token.split(":")[1].partition("/")[0]
    own = operation.one("service") if operation.type.token == identity.IDENTITY else None
    api = own or f"{_APIS.get(module, module)}.googleapis.com"
    enabled = identity.is_enabled(operation.store, operation.account, api)
    return None if enabled else f"{api} has not been used in project {operation.account} before or it is disabled"


@rule(_ALL, "PREVENT", SDK, "delete", "deletionPolicy", "set it to DELETE and update first")
def _prevented(operation: Operation) -> str | None:
    """What has the `deletionPolicy` PREVENT is not deleted."""
    return f"{operation.id!r} is protected" if operation.one("deletionPolicy") == "PREVENT" else None


class Gcp(Cloud):
    """The package `gcp`."""

    package: ClassVar[str] = "gcp"
    error: ClassVar[str] = "googleapi: Error {code}: {message}"
    fixed_settings: ClassVar[tuple[str, ...]] = ("project",)
    types = {row.token: row for row in _ROWS}  # noqa: RUF012
    lookups = identity.LOOKUPS
    rules = (_place, _project, _enabled, _prevented, *(rule for part in _PARTS for rule in part.RULES))
    gaps = (
        "auto-mode networks, default routes, `deletion_policy` ABANDON, agents but those of the services in use",
        "Cloud SQL: private services access, replicas, clones, databases; MySQL and SQL Server beyond their names",
        "a smaller disk is refused, where the provider ignores it (`disk_autoresize`) or replaces the instance; a key "
        "taken out of an instance's program replaces it, where the provider keeps the key",
        "forwarding rules to anything but a Cloud SQL service attachment, and to addresses that are not reserved",
        "a resource named in another form (id, self link, name) is a change, where the provider sees none",
        "GKE: which versions there are, how long windows are open, that sandboxes want a pool without them as well, "
        "what nodes and pods do; a cluster may be raised by several minors at once",
        "IAM: what roles hold, whether a condition can be read; a binding is not evaluated but for the use of keys",
        "Memorystore takes addresses that an `Address` may be given as well; logs and alerts are never raised",
        "a deleted key still serves the buckets under it; a provider's region must exist, where the real one warns",
    )

    def configure(self, settings: Props) -> Scope:
        """The project and region of the settings, both needed here, and the labels for everything."""
        project, region, zone = (settings.get(name) or "" for name in ("project", "region", "zone"))
        if not re.fullmatch("[a-z][a-z0-9-]{4,28}[a-z0-9]", project):
            raise Refusal("400 invalid", f"{project!r} is no project id", "project")
        if region not in regions("gcp"):
            raise Refusal("400 invalid", f"{region!r} is no region of Google Cloud", "region")
        if zone and zone not in regions("gcp")[region]:
            raise Refusal("400 invalid", f"{zone!r} is no zone of {region}", "zone")
        labels = settings.get("defaultLabels") or {}
        if settings.get("addPulumiAttributionLabel", True):
            labels = labels | {"goog-pulumi-provisioned": "true"}
        number = _NUMBERS.get(project) or str(int(hashlib.sha256(project.encode()).hexdigest(), 16))[:12]
        return Scope(project, region, {"labels": labels, "number": number})

    def complete(self, operation: Operation) -> Props:
        """The provider's labels and the resource's own, which win.

        The real provider adds them in its plan. Here they are inputs, so that a change of either shows.
        """
        if "pulumiLabels" not in sdk.describe("gcp", operation.type.token)["outputs"]:
            return {}
        own: Any = operation.raw.get("labels") or {}
        bare = own.value if isinstance(own, Secret) else own
        labels: Any = operation.scope.settings["labels"] | bare if known(own) else UNKNOWN
        return dict.fromkeys(("pulumiLabels", "effectiveLabels"), Secret(labels) if bare is not own else labels)


CLOUD = Gcp()
