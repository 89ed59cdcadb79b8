"""Recovery on Azure, by its command-line program."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import quote

from fleet.recovery.objects import Version, back
from fleet.recovery.wanted import RecoveryError, Step, Wanted, moment

_ID = re.compile(r"/subscriptions/([^/]+)/resourceGroups/([^/]+)/providers/[^/]+/[^/]+/([^/]+)")

_SOME_TIME = datetime.max.replace(tzinfo=UTC)
"""When a blob was deleted, which Azure does not say: after any time that may be asked for."""


def _parts(id_: str) -> tuple[str, str, str]:
    """Subscription, resource group and name of the outermost resource that an id names."""
    found = _ID.match(id_)
    if found is None:
        raise RecoveryError(f"{id_!r} is no id of Azure's")
    return found[1], found[2], found[3]


def postgres(wanted: Wanted) -> Iterator[Step]:
    """A server of the same shape and key.

    A restore cannot say that it is closed to the public, so that comes at once after it; meanwhile nobody is let in,
    because a restored server has no firewall rules (Azure Database for PostgreSQL documentation, restore).
    """
    had = wanted.one("azure-native:dbforpostgresql:Server", "postgres-server")
    subscription, group, old = _parts(had["id"])
    name, where = wanted.beside(old), ("--resource-group", group, "--subscription", subscription)
    time = ("--restore-time", at) if (at := wanted.time()) else ()
    keyed: tuple[str, ...] = ()
    if key := had.get("dataEncryption"):
        keyed = ("--byok-key", key["primaryKeyURI"], "--byok-identity", key["primaryUserAssignedIdentityId"])
    server = ("az", "postgres", "flexible-server")
    zone = ("--zone", had["availabilityZone"])
    restored = (*server, "restore", "--name", name, "--source-server", had["id"], *time, *keyed, *zone, *where, "--yes")
    yield Step(restored, f"make {name}, under the same key")
    closed = (*server, "update", "--name", name, "--public-access", "Disabled", *where, "--yes")
    yield Step(closed, "close it to the public: it is reached by a private endpoint alone")


def bucket(wanted: Wanted) -> Iterator[Step]:
    """Copies of earlier versions on top of what is there (Azure Storage documentation, blob versioning).

    Azure does not say when a blob was deleted: with a time, one that was deleted before that time comes back as well.
    """
    had = wanted.one("azure-native:storage:BlobContainer", f"{wanted.short}-objects")
    account = _parts(had["id"])[2]
    login = ("--account-name", account, "--auth-mode", "login")
    if not wanted.inside:
        raise RecoveryError(f"{account} is reached from inside the network only: run this there, with --inside")
    listing = ("az", "storage", "blob", "list", "--container-name", had["name"], "--include", "v", "--num-results", "*")
    some = ("--prefix", wanted.prefix) if wanted.prefix else ()
    listed, current = [], set()
    for blob in wanted.ask(*listing, *some, *login, "--output", "json") or ():
        listed.append(Version(blob["name"], moment(blob["versionId"]), blob["versionId"]))
        current |= {blob["name"]} if blob.get("isCurrentVersion") else set()
    listed += [Version(name, _SOME_TIME, None) for name in {version.name for version in listed} - current]
    for version in back(listed, wanted.at):
        source = f"https://{account}.blob.core.windows.net/{had['name']}/{quote(version.name)}?versionid={version.id}"
        target = ("--destination-container", had["name"], "--destination-blob", version.name)
        copied = ("az", "storage", "blob", "copy", "start", *target, "--source-uri", source, *login)
        yield Step(copied, f"bring {version.name} back", inside=True)


def secret(wanted: Wanted) -> Iterator[Step]:
    """Recover the vault if it is deleted, or else the secret in it."""
    yield from _entry(wanted, "azure-native:keyvault:Secret", f"secrets-{wanted.short}-entry", "secret")


def key(wanted: Wanted) -> Iterator[Step]:
    """Recover the vault if it is deleted, or else the key in it; its versions come with it."""
    yield from _entry(wanted, "azure-native:keyvault:Key", f"keys-{wanted.short}-key", "key")


def _entry(wanted: Wanted, token: str, resource: str, what: str) -> Iterator[Step]:
    """A deleted vault comes back whole, from anywhere; what was deleted in one only from inside (Key Vault
    documentation, recovery management with soft delete).
    """
    had = wanted.one(token, resource)
    subscription, group, vault = _parts(had["id"])
    listing = ("az", "keyvault", "list-deleted", "--resource-type", "vault", "--subscription", subscription)
    for deleted in wanted.ask(*listing, "--output", "json") or ():
        if deleted["name"] == vault:
            where = ("--resource-group", group, "--location", deleted["properties"]["location"])
            whole = ("az", "keyvault", "recover", "--name", vault, *where, "--subscription", subscription)
            yield Step(whole, f"recover the vault {vault}, and everything in it")
            return
    recovered = ("az", "keyvault", what, "recover", "--vault-name", vault, "--name", had["name"])
    yield Step(recovered, f"recover the {what}, if it is deleted", inside=True)
