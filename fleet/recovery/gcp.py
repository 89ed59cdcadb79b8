"""Recovery on Google Cloud, by gcloud."""

from collections.abc import Iterator

from fleet.recovery.objects import Version, back
from fleet.recovery.wanted import Step, Wanted, moment


def postgres(wanted: Wanted) -> Iterator[Step]:
    """A clone with the same settings and key (gcloud sql instances clone); without an endpoint nobody reaches it."""
    had = wanted.one("gcp:sql/databaseInstance:DatabaseInstance", "postgres-server")
    name, where = wanted.beside(had["name"]), ("--project", had["project"], "--quiet")
    time = ("--point-in-time", at) if (at := wanted.time()) else ()
    yield Step(
        ("gcloud", "sql", "instances", "clone", had["name"], name, *time, *where),
        f"make {name}, private and under the same key",
    )
    if had["settings"]["deletionProtectionEnabled"]:
        yield Step(("gcloud", "sql", "instances", "patch", name, "--deletion-protection", *where), "protect it")


def bucket(wanted: Wanted) -> Iterator[Step]:
    """Copies of earlier generations on top of what is there (Cloud Storage documentation, use versioned objects)."""
    had = wanted.one("gcp:storage/bucket:Bucket", f"{wanted.short}-objects")
    where = ("--project", had["project"])
    address = f"gs://{had['name']}/{wanted.prefix}**"
    listed = []
    for found in wanted.ask("gcloud", "storage", "ls", "--all-versions", "--json", address, *where) or ():
        about = found["metadata"]
        listed.append(Version(about["name"], moment(about["timeCreated"]), str(about["generation"])))
        if gone := about.get("timeDeleted"):
            # If another one took its place, that one came at the same moment, and sorts behind.
            listed.append(Version(about["name"], moment(gone), None))
    listed.sort(key=lambda version: (version.name, version.since, version.id is not None))
    for version in back(listed, wanted.at):
        address = f"gs://{had['name']}/{version.name}"
        copied = ("gcloud", "storage", "cp", f"{address}#{version.id}", address, *where)
        yield Step(copied, f"bring {version.name} back")


def secret(wanted: Wanted) -> Iterator[Step]:
    """Enable versions whose destruction is scheduled, which ends that (Secret Manager, delayed destruction)."""
    had = wanted.one("gcp:secretmanager/secret:Secret", f"secrets-{wanted.short}-secret")
    name, where = had["secretId"], ("--project", had["project"])
    for version in wanted.ask("gcloud", "secrets", "versions", "list", name, *where, "--format", "json") or ():
        if version.get("scheduledDestroyTime"):
            number = version["name"].rpartition("/")[2]
            enabled = ("gcloud", "secrets", "versions", "enable", number, "--secret", name, *where, "--quiet")
            yield Step(enabled, f"keep version {number}")


def key(wanted: Wanted) -> Iterator[Step]:
    """Restore versions whose destruction is scheduled, which leaves them disabled, and enable them (Cloud KMS)."""
    had = wanted.one("gcp:kms/cryptoKey:CryptoKey", f"keys-{wanted.short}-key")
    _, project, _, location, _, ring = had["keyRing"].split("/")
    of = ("--key", had["name"], "--keyring", ring, "--location", location, "--project", project)
    versions = ("gcloud", "kms", "keys", "versions")
    for version in wanted.ask(*versions, "list", *of, "--format", "json") or ():
        number = version["name"].rpartition("/")[2]
        if version["state"] == "DESTROY_SCHEDULED":
            yield Step((*versions, "restore", number, *of), f"cancel the destruction of version {number}")
        if version["state"] in ("DESTROY_SCHEDULED", "DISABLED"):
            yield Step((*versions, "enable", number, *of), f"let version {number} be used again")
