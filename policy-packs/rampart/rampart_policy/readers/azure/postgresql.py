"""Azure Database for PostgreSQL, flexible server."""

from collections.abc import Iterator

from rampart_policy.facts import (
    AuditLog,
    Backups,
    DebugAccess,
    DeclaredPassword,
    DeletionLock,
    EncryptionAtRest,
    Fact,
    IdentityLogin,
    LocalCredentials,
    ProtocolVersion,
    ServiceEndpoint,
    Transport,
    ZoneRedundancy,
)
from rampart_policy.readers import transport
from rampart_policy.readers.azure.endpoints import CLOSED
from rampart_policy.readers.azure.locks import lock_on
from rampart_policy.readers.azure.ranges import admits_from_to
from rampart_policy.readers.azure.single_servers import SINGLE
from rampart_policy.readers.table import at, service
from rampart_policy.registry import no_surface, reader, stack_reader
from rampart_policy.resources import Resource
from rampart_policy.stack import Stack
from rampart_policy.values import Field, Node, combine, either, every

RETENTION = 7
"""Days that backups are kept when nothing is said (`backup.backupRetentionDays`)."""

no_surface(
    {
        "azure-native:dbforpostgresql:Administrator": "names an identity of the directory, which logs in by token",
        "azure-native:dbforpostgresql:AdministratorsMicrosoftEntra": "names an identity, which logs in by token",
        "azure-native:dbforpostgresql:Database": "a name in a server, which is judged",
    }
)


@reader("azure-native:dbforpostgresql:Server")
def server(made: Resource) -> Iterator[Fact]:
    """A replica is backed up with the server that it copies. Older API versions make single servers by this type."""
    if not made.at("properties").missing:
        yield from at("properties", *SINGLE)(made.properties)
        return
    network = made.at("network")
    access = network.key("publicNetworkAccess").text(default="Enabled")
    injected = network.key("delegatedSubnetResourceId").given
    open_ = every(access.map(lambda name: name.lower() not in CLOSED), injected.map(lambda given: not given))
    yield ServiceEndpoint(public=open_, admits=Field(False))
    yield from _encryption(made)
    login = made.at("authConfig")
    yield LocalCredentials(accepted=_enabled(login.key("passwordAuth"), default="Enabled"))
    yield IdentityLogin(enabled=_enabled(login.key("activeDirectoryAuth"), default="Disabled"))
    yield DeclaredPassword(declared=made.at("administratorLoginPassword").given)
    if str(made.at("createMode").raw).lower() != "replica":
        days = made.at("backup.backupRetentionDays").number(default=RETENTION)
        yield Backups(kept=days, any_moment=days)
        mode = made.at("highAvailability.mode").text(default="Disabled")
        yield ZoneRedundancy(enabled=mode.map(lambda name: name.lower() == "zoneredundant"))


@reader("azure-native:dbforpostgresql:Configuration")
def configuration(made: Resource) -> Iterator[Fact]:
    """One setting of a server, which refuses plaintext and TLS before 1.2 unless told otherwise."""
    name, value = made.at("configurationName").text(default=""), made.at("value")
    given = combine(lambda text, _: text, value.text(default=""), name)
    if not value.missing and not (name.known and name.value not in transport.ENFORCING):
        yield Transport(plaintext=given.map(transport.is_off))
    if not value.missing and not (name.known and name.value not in transport.MINIMUM):
        yield ProtocolVersion(minimum=given.map(transport.oldest))
    if not (name.known or value.missing):
        yield AuditLog(complete=name.map(bool))
        yield DebugAccess(enabled=name.map(bool))
    if name.known and not value.missing:
        if name.value in transport.AUDITING:
            yield AuditLog(complete=given.map(lambda text: not transport.is_off(text)))
        if name.value in transport.SIDE_DOORS:
            yield DebugAccess(enabled=given.map(lambda text: not transport.is_off(text)))


service("azure-native:dbforpostgresql:FirewallRule", admits_from_to())


@stack_reader("azure-native:dbforpostgresql:Server")
def beside(made: Resource, stack: Stack) -> Iterator[DeletionLock]:
    yield lock_on(made, stack)


def _encryption(made: Resource) -> Iterator[EncryptionAtRest]:
    encryption = made.at("dataEncryption")
    kind = encryption.key("type").text(default="SystemManaged")
    yield EncryptionAtRest(customer_key=kind.map(lambda name: name.lower() == "azurekeyvault"))
    copied = _enabled(made.at("backup.geoRedundantBackup"), default="Disabled")
    if copied.value is not False:
        key = encryption.key("geoBackupKeyURI").text(default="").map(bool)
        yield EncryptionAtRest(customer_key=either(key, copied.map(lambda on: not on)))


def _enabled(node: Node, *, default: str) -> Field[bool]:
    return node.text(default=default).map(lambda name: name.lower() == "enabled")
