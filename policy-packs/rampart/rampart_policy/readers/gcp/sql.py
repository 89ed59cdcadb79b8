"""Google Cloud SQL: servers, and who logs in to them."""

from collections.abc import Iterator

from rampart_policy.facts import (
    AccessGrant,
    Audience,
    AuditLog,
    Backups,
    DataApi,
    DebugAccess,
    DeclaredPassword,
    DeletionProtection,
    Direction,
    EncryptionAtRest,
    Fact,
    FinalBackup,
    IdentityLogin,
    LocalCredentials,
    NetworkRule,
    Principal,
    ProtocolVersion,
    ServiceEndpoint,
    Transport,
    ZoneRedundancy,
)
from rampart_policy.readers import addresses, transport
from rampart_policy.registry import no_surface, reader
from rampart_policy.resources import Resource
from rampart_policy.values import Field, Node, Unknown, either

IDENTITY_FLAGS = frozenset({"cloudsql.iam_authentication", "cloudsql_iam_authentication"})
"""Of PostgreSQL and of MySQL. SQL Server has none."""

KEPT = 7
"""Backups, and days of transaction logs, that are kept when nothing is said (`backup_retention_settings`)."""

no_surface({"gcp:sql/database:Database": "a name in a server, which is judged"})


@reader("gcp:sql/databaseInstance:DatabaseInstance")
def server(made: Resource) -> Iterator[Fact]:
    """A replica is encrypted and backed up with the server that it copies, unless it says otherwise."""
    settings = made.at("settings")
    replica = not made.at("masterInstanceName").missing
    yield from _network(made, settings.key("ipConfiguration"))
    yield from _login(made, settings)
    yield DataApi(enabled=settings.key("dataApiAccess").text(default="").map(lambda access: access.startswith("ALLOW")))
    yield DeletionProtection(enabled=made.at("deletionProtection").flag(default=True))
    yield DeletionProtection(enabled=settings.key("deletionProtectionEnabled").flag(default=False))
    if not (replica and made.at("encryptionKeyName").missing):
        yield EncryptionAtRest(customer_key=made.at("encryptionKeyName").text(default="").map(bool))
    if not replica:
        yield _backups(settings.key("backupConfiguration"))
        kept = settings.key("retainBackupsOnDelete").flag(default=False)
        yield FinalBackup(kept=either(kept, settings.at("finalBackupConfig.enabled").flag(default=False)))
        zones = settings.key("availabilityType").text(default="ZONAL")
        yield ZoneRedundancy(enabled=zones.map(lambda kind: kind == "REGIONAL"))


@reader("gcp:sql/user:User")
def user(made: Resource) -> Iterator[LocalCredentials | DeclaredPassword]:
    """Built-in users, the default, have passwords; the others are identities of the cloud."""
    kind = made.at("type").text(default="BUILT_IN")
    yield LocalCredentials(accepted=kind.map(lambda name: name in ("", "BUILT_IN")))
    yield DeclaredPassword(declared=made.at("password").given)


def _network(made: Resource, network: Node) -> Iterator[Fact]:
    """With a public address, only the authorized networks get through to it; there are none by default."""
    yield ServiceEndpoint(public=network.key("ipv4Enabled").flag(default=True), admits=Field(False))
    for range_ in network.key("authorizedNetworks").items():
        peer = addresses.peer_field(range_.key("value"))
        yield NetworkRule(direction=Field(Direction.INGRESS), allows=Field(True), peer=peer)
    for service in network.key("pscConfigs").items():
        for project in service.key("allowedConsumerProjects").items():
            named = project.text(default="").map(lambda text: Principal(text, audience(text, made)))
            yield AccessGrant(allows=Field(True), principal=named, narrowed=Field(False))
    mode = network.key("sslMode").text(default="ALLOW_UNENCRYPTED_AND_ENCRYPTED")
    yield Transport(plaintext=mode.map(lambda name: name == "ALLOW_UNENCRYPTED_AND_ENCRYPTED"))


def audience(project: str, made: Resource) -> Audience:
    """Whether a project is the provider's. Projects go by id or by number: which is whose, only Google knows."""
    own = made.provider.at("project").raw if made.provider else None
    comparable = isinstance(own, str) and own.isdigit() == project.isdigit()
    return Audience.OTHER_ACCOUNT if comparable and own != project else Audience.NAMED


def _login(made: Resource, settings: Node) -> Iterator[Fact]:
    """Cloud SQL takes TLS 1.2 and later unless a flag says otherwise."""
    yield DeclaredPassword(declared=made.at("rootPassword").given)
    flags = list(settings.key("databaseFlags").items())
    if (minimum := transport.setting(flags, transport.MINIMUM)) is not None:
        yield ProtocolVersion(minimum=minimum.map(transport.oldest))
    for flag_ in flags:
        name = flag_.key("name").raw
        if isinstance(name, Unknown):
            yield AuditLog(complete=Field(name, flag_.path))
            yield DebugAccess(enabled=Field(name, flag_.path))
        if isinstance(name, str) and name in transport.AUDITING:
            yield AuditLog(complete=flag_.key("value").text(default="on").map(_is_on))
        if isinstance(name, str) and name in transport.SIDE_DOORS:
            yield DebugAccess(enabled=flag_.key("value").text(default="on").map(_is_on))
    version = made.at("databaseVersion").raw
    if not (isinstance(version, str) and version.startswith("SQLSERVER")):
        flag = transport.setting(flags, IDENTITY_FLAGS)
        on = Field(False, "settings.databaseFlags", default=True) if flag is None else flag.map(_is_on)
        yield IdentityLogin(enabled=on)


def _is_on(text: str) -> bool:
    return not transport.is_off(text)


def _backups(configuration: Node) -> Backups:
    """Backups are daily, and counted. MySQL's point-in-time recovery is its binary log."""
    on = configuration.key("enabled").flag(default=False)
    logs = [configuration.key(name).flag(default=False) for name in ("pointInTimeRecoveryEnabled", "binaryLogEnabled")]
    kept = configuration.at("backupRetentionSettings.retainedBackups").number(default=KEPT)
    return Backups(
        kept=_if(on, kept),
        any_moment=_if(either(*logs), configuration.key("transactionLogRetentionDays").number(default=KEPT)),
    )


def _if(on: Field[bool], value: Field[float]) -> Field[float]:
    """The value where it counts, and 0 where it does not."""
    return value if on.value is True else on.map(float)
