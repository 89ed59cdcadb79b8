"""Recovery on AWS, by its command-line program."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from fleet.recovery.objects import Version, back
from fleet.recovery.wanted import RecoveryError, Step, Wanted, moment


def _flags(settings: Mapping[str, Any]) -> Iterator[str]:
    """Options of the AWS CLI: `--x` or `--no-x` for what is true or not, nothing for what is None."""
    for name, value in settings.items():
        if isinstance(value, bool):
            yield f"--{name}" if value else f"--no-{name}"
        elif value is not None:
            yield f"--{name}"
            yield from map(str, value if isinstance(value, list | tuple) else [value])


def _aws(command: str, outputs: Mapping[str, Any], **settings: Any) -> tuple[str, ...]:
    """A command of the AWS CLI in the region that something lies in; options by their names in Python."""
    given = {name.replace("_", "-"): value for name, value in settings.items()}
    return ("aws", *command.split(), *_flags({**given, "region": outputs["region"]}))


def postgres(wanted: Wanted) -> Iterator[Step]:
    """A server of the same shape, network and key beside the old one, which may be gone (RDS API)."""
    had = wanted.one("aws:rds/instance:Instance", "postgres-server")
    name = wanted.beside(had["identifier"])
    restored = _aws(
        "rds restore-db-instance-to-point-in-time",
        had,
        # The id, unlike the name, finds the backups that a deleted server left, too. They keep the server's key.
        source_dbi_resource_id=had["resourceId"],
        target_db_instance_identifier=name,
        restore_time=wanted.time(),
        use_latest_restorable_time=True if wanted.at is None else None,
        db_instance_class=had["instanceClass"],
        db_subnet_group_name=had["dbSubnetGroupName"],
        vpc_security_group_ids=had["vpcSecurityGroupIds"],
        db_parameter_group_name=had["parameterGroupName"],
        publicly_accessible=False,
        port=had["port"],
        multi_az=had["multiAz"],
        storage_type=had["storageType"],
        max_allocated_storage=had["maxAllocatedStorage"],
        ca_certificate_identifier=had["caCertIdentifier"],
        enable_iam_database_authentication=had["iamDatabaseAuthenticationEnabled"],
        backup_retention_period=had["backupRetentionPeriod"],
        copy_tags_to_snapshot=had["copyTagsToSnapshot"],
        auto_minor_version_upgrade=had["autoMinorVersionUpgrade"],
        deletion_protection=had["deletionProtection"],
    )
    yield Step(restored, f"make {name}, private and under the same key")
    yield Step(_aws("rds wait db-instance-available", had, db_instance_identifier=name), "wait for it")
    managed = _aws(
        "rds modify-db-instance",
        had,
        db_instance_identifier=name,
        manage_master_user_password=True,
        master_user_secret_kms_key_id=had.get("masterUserSecretKmsKeyId"),
        enable_performance_insights=had["performanceInsightsEnabled"],
        performance_insights_kms_key_id=had.get("performanceInsightsKmsKeyId"),
        apply_immediately=True,
    )
    yield Step(managed, "have RDS keep its master password, as the old one's")


def cache(wanted: Wanted) -> Iterator[Step]:
    """A replication group of the newest snapshot up to the time (ElastiCache API)."""
    had = wanted.one("aws:elasticache/replicationGroup:ReplicationGroup", "cache-nodes")
    group = had["replicationGroupId"]
    found = wanted.ask(*_aws("elasticache describe-snapshots", had, replication_group_id=group, output="json"))
    taken = {
        min(node["SnapshotCreateTime"] for node in snapshot["NodeSnapshots"]): snapshot["SnapshotName"]
        for snapshot in (found or {}).get("Snapshots", ())
        if snapshot["SnapshotStatus"] == "available"
    }
    usable = sorted((when for when in taken if wanted.before(when)), key=moment)
    if not usable:
        has = ", ".join(sorted(taken)) or "none"
        raise RecoveryError(f"{group} has no snapshot from then or before; there are {has}")
    name = wanted.beside(group)
    restored = _aws(
        "elasticache create-replication-group",
        had,
        replication_group_id=name,
        replication_group_description=had["description"],
        snapshot_name=taken[usable[-1]],
        engine=had["engine"],
        engine_version=had["engineVersion"],
        cache_node_type=had["nodeType"],
        num_cache_clusters=had["numCacheClusters"],
        automatic_failover_enabled=had["automaticFailoverEnabled"],
        multi_az_enabled=had["multiAzEnabled"],
        port=had["port"],
        cache_subnet_group_name=had["subnetGroupName"],
        security_group_ids=had["securityGroupIds"],
        at_rest_encryption_enabled=True,
        kms_key_id=had.get("kmsKeyId"),
        transit_encryption_enabled=True,
        transit_encryption_mode=had["transitEncryptionMode"],
        user_group_ids=had["userGroupIds"],
        auto_minor_version_upgrade=had["autoMinorVersionUpgrade"],
        snapshot_retention_limit=had["snapshotRetentionLimit"],
    )
    yield Step(restored, f"make {name} of the snapshot of {usable[-1]}, private and under the same key")


COPIED_AT_ONCE = 5 << 30
"""The largest object, in bytes, that one CopyObject takes (S3 API)."""


def bucket(wanted: Wanted) -> Iterator[Step]:
    """Copies of earlier versions on top of what is there (S3 User Guide, restoring previous versions)."""
    had = wanted.one("aws:s3/bucket:Bucket", f"{wanted.short}-objects")
    name = had["bucket"]
    found = wanted.ask(
        *_aws("s3api list-object-versions", had, bucket=name, prefix=wanted.prefix or None, output="json")
    )
    versions = (found or {}).get("Versions") or []
    markers = (found or {}).get("DeleteMarkers") or []
    # Times are whole seconds: of two in one, the latest comes last.
    entries = sorted([*versions, *markers], key=lambda entry: bool(entry["IsLatest"]))
    sizes = {version["VersionId"]: version["Size"] for version in versions}
    listed = [
        Version(entry["Key"], moment(entry["LastModified"]), entry["VersionId"] if "Size" in entry else None)
        for entry in entries
    ]
    for version in back(listed, wanted.at):
        if sizes[version.id or ""] > COPIED_AT_ONCE:
            raise RecoveryError(f"{version.name} has more than 5 GiB: copy {version.id} by a multipart upload, first")
        source = f"{name}/{quote(version.name)}?versionId={version.id}"
        copied = _aws("s3api copy-object", had, bucket=name, key=version.name, copy_source=source)
        yield Step(copied, f"bring {version.name} back")


def secret(wanted: Wanted) -> Iterator[Step]:
    """Undo a deletion; or, with a time, make the version that was current then current again (Secrets Manager API)."""
    had = wanted.one("aws:secretsmanager/secret:Secret", f"secrets-{wanted.short}-entry")
    arn = had["arn"]
    about = wanted.ask(*_aws("secretsmanager describe-secret", had, secret_id=arn, output="json"))
    if about.get("DeletedDate"):
        yield Step(_aws("secretsmanager restore-secret", had, secret_id=arn), "undo its deletion")
    if wanted.at is None:
        return
    listing = _aws("secretsmanager list-secret-version-ids", had, secret_id=arn, include_deprecated=True)
    versions = wanted.ask(*listing, "--output", "json")["Versions"]
    current = [version["VersionId"] for version in versions if "AWSCURRENT" in version.get("VersionStages", ())]
    then = [version for version in versions if wanted.before(version["CreatedDate"])]
    if not then:
        raise RecoveryError(f"{had['name']} has no version from then or before")
    newest = max(then, key=lambda version: moment(version["CreatedDate"]))["VersionId"]
    if [newest] != current:
        moved = _aws(
            "secretsmanager update-secret-version-stage",
            had,
            secret_id=arn,
            version_stage="AWSCURRENT",
            move_to_version_id=newest,
            remove_from_version_id=next(iter(current), None),
        )
        yield Step(moved, "make the version of then current again")


def key(wanted: Wanted) -> Iterator[Step]:
    """Cancel a deletion, which leaves the key disabled, and enable it; it rotates as before (KMS API)."""
    had = wanted.one("aws:kms/key:Key", f"keys-{wanted.short}-key")
    about = wanted.ask(*_aws("kms describe-key", had, key_id=had["keyId"], output="json"))["KeyMetadata"]
    if about["KeyState"] == "PendingDeletion":
        yield Step(_aws("kms cancel-key-deletion", had, key_id=had["keyId"]), "cancel its deletion")
    if about["KeyState"] in ("PendingDeletion", "Disabled"):
        yield Step(_aws("kms enable-key", had, key_id=had["keyId"]), "let it be used again")
