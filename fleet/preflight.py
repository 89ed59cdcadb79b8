"""What an account lacks before a data plane can be made in it: asked of the clouds, and nothing is changed.

AWS and Google Cloud are asked through the provider's own functions, in a program that Pulumi previews and that
declares no resource: the account, region and credentials are those of an update. azure-native (3.29.0) has no function
that tells a resource provider's registration, so that the `az` command is asked.
"""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal

import pulumi
from pulumi import automation

from components import clouds
from components.site import Location
from infra.catalogue import regions
from infra.settings import Settings

Kind = Literal["region", "quota", "registration", "service-linked role", "permission"]

AZURE_NAMESPACES = ("Network", "Storage", "KeyVault", "ManagedIdentity", "DBforPostgreSQL", "Insights")
"""The resource providers, without `Microsoft.`, that the components call. Subscriptions register them one by one."""

AWS_ROLES = {"rds.amazonaws.com": "AWSServiceRoleForRDS"}
"""Service-linked roles, by service: they may be missing in a new account, and a program makes none where the service
makes them itself: a second one is refused (`aws.iam.ServiceLinkedRole`)."""

AWS_QUOTAS = {"vpc": ("L-F678F1CE", "VPCs per region"), "rds": ("L-7B6409FD", "DB instances")}

AWS_ACTIONS = ("ec2:CreateVpc", "kms:CreateKey", "s3:CreateBucket", "rds:CreateDBInstance", "logs:CreateLogGroup")

GCP_SERVICES = ("serviceusage", "cloudresourcemanager")
"""What must be on before a program can turn the others on (`components/prerequisites/gcp.py`)."""

PATIENCE = 60
"""Seconds for one answer of a command."""


@dataclass(frozen=True)
class Finding:
    """One thing that a stack's account lacks or, if not `asked`, that could not be asked. fix: what would do."""

    stack: str
    kind: Kind
    what: str
    where: str
    fix: str
    asked: bool = True

    def document(self) -> dict[str, Any]:
        """For machines."""
        return asdict(self)


Ask = Callable[[str, Location, pulumi.ProviderResource], Iterator[Finding]]


def check(stack: str, settings: Settings) -> list[Finding]:
    """What the account of a stack lacks, in one list. Nothing is made, and no state is kept."""
    location = settings.location(stack)
    if settings.cloud == "azure":
        return list(_azure(stack, location))
    ask: Ask = _aws if settings.cloud == "aws" else _gcp
    found: list[Finding] = []

    def program() -> None:
        found.extend(ask(stack, location, clouds.load(settings.cloud).providers(location)[0]))

    with tempfile.TemporaryDirectory(prefix="rampart-preflight-") as state:
        options = automation.LocalWorkspaceOptions(
            env_vars={"PULUMI_BACKEND_URL": f"file://{state}", "PULUMI_CONFIG_PASSPHRASE": "nothing is encrypted"}
        )
        try:
            automation.create_or_select_stack(stack, "rampart-preflight", program, opts=options).preview()
        except automation.CommandError as error:
            lines = [line.strip() for line in str(error).splitlines() if "error:" in line]
            fix = "log in to the account that the settings name, with a region that it has"
            found.append(Finding(stack, "permission", lines[-1] if lines else str(error), location.account, fix, False))
    return found


def _tried(finding: Finding, lacking: Callable[[], bool]) -> Iterator[Finding]:
    """The finding, if it is one; as not asked where the cloud gives no answer."""
    try:
        if lacking():
            yield finding
    except Exception as error:
        reason = " ".join(str(error).split())[:300]
        yield Finding(**{**asdict(finding), "asked": False, "what": f"{finding.what}: {reason}"})


def _aws(stack: str, location: Location, provider: pulumi.ProviderResource) -> Iterator[Finding]:
    import pulumi_aws as aws

    opts = pulumi.InvokeOptions(provider=provider)
    region, account = location.region, location.account
    if regions("aws")[region].opt_in:
        finding = Finding(
            stack, "region", f"{region} is not enabled", account, f"aws account enable-region --region-name {region}"
        )
        enabled = [aws.GetRegionsFilterArgs(name="opt-in-status", values=["opted-in", "opt-in-not-required"])]
        yield from _tried(
            finding, lambda: region not in aws.get_regions(all_regions=True, filters=enabled, opts=opts).names
        )
    for service, name in AWS_ROLES.items():
        fix = f"aws iam create-service-linked-role --aws-service-name {service}"
        finding = Finding(stack, "service-linked role", f"{name} does not exist", account, fix)
        path = f"/aws-service-role/{service}/"
        yield from _tried(finding, lambda path=path: not aws.iam.get_roles(path_prefix=path, opts=opts).names)  # type: ignore[misc]
    used: dict[str, Callable[[], int]] = {
        "vpc": lambda: len(aws.ec2.get_vpcs(opts=opts).ids),
        "rds": lambda: len(aws.rds.get_instances(opts=opts).instance_arns),
    }
    for service, (code, quota) in AWS_QUOTAS.items():
        fix = (
            "aws service-quotas request-service-quota-increase "
            f"--service-code {service} --quota-code {code} --region {region} --desired-value <more>"
        )
        finding = Finding(stack, "quota", f"{quota}: all are used", f"{account}, {region}", fix)

        def full(service: str = service, code: str = code) -> bool:
            limit = aws.servicequotas.get_service_quota(service_code=service, quota_code=code, opts=opts).value
            # One that stands has what it needs.
            mine = aws.ec2.get_vpcs(tags={"stack": stack}, opts=opts).ids
            return not mine and used[service]() >= limit

        yield from _tried(finding, full)
    yield from _aws_permissions(stack, location, opts)


def _aws_permissions(stack: str, location: Location, opts: pulumi.InvokeOptions) -> Iterator[Finding]:
    """IAM's own simulation of the caller's policies. What a condition decides it cannot tell."""
    import pulumi_aws as aws

    fix = "allow these to the identity that deploys"
    finding = Finding(stack, "permission", ", ".join(AWS_ACTIONS), location.account, fix)
    try:
        caller = aws.iam.get_session_context(arn=aws.get_caller_identity(opts=opts).arn, opts=opts).issuer_arn
        asked = aws.iam.get_principal_policy_simulation(
            action_names=list(AWS_ACTIONS), policy_source_arn=caller, opts=opts
        )
        denied = [result.action_name for result in asked.results if not result.allowed]
    except Exception as error:
        reason = " ".join(str(error).split())[:300]
        yield Finding(**{**asdict(finding), "asked": False, "what": f"{finding.what}: {reason}"})
        return
    if denied:
        yield Finding(**{**asdict(finding), "what": f"{', '.join(denied)} denied to {caller}"})


def _gcp(stack: str, location: Location, provider: pulumi.ProviderResource) -> Iterator[Finding]:
    import pulumi_gcp as gcp

    opts, project = pulumi.InvokeOptions(provider=provider), location.account
    for name in GCP_SERVICES:
        service = f"{name}.googleapis.com"
        finding = Finding(
            stack, "registration", f"{service} is off", project, f"gcloud services enable {service} --project {project}"
        )
        try:
            gcp.projects.get_project_service(project=project, service=service, opts=opts)
        except Exception as error:
            text = " ".join(str(error).split())
            off = any(word in text for word in ("SERVICE_DISABLED", "not enabled", "not found", "has not been used"))
            yield finding if off else Finding(**{**asdict(finding), "asked": False, "what": f"{service}: {text[:300]}"})
    fix = f"gcloud projects get-iam-policy {project}"
    yield Finding(stack, "permission", "no function of the provider tests permissions", project, fix, asked=False)


def _azure(stack: str, location: Location) -> Iterator[Finding]:
    subscription = location.account
    registered = _az("provider", "list", "--subscription", subscription)
    for name in AZURE_NAMESPACES:
        namespace = f"Microsoft.{name}"
        fix = f"az provider register --wait --namespace {namespace} --subscription {subscription}"
        if isinstance(registered, str):
            yield Finding(stack, "registration", f"{namespace}: {registered}", subscription, fix, asked=False)
        elif not any(
            row["namespace"].lower() == namespace.lower() and row["registrationState"] == "Registered"
            for row in registered
        ):
            yield Finding(stack, "registration", f"{namespace} is not registered", subscription, fix)
    fix = "az role assignment list --all --assignee <who deploys>"
    yield Finding(stack, "permission", "no command tests permissions", subscription, fix, asked=False)


def _az(*arguments: str) -> Any:
    """What the Azure CLI answers, or in words why it does not."""
    az = shutil.which("az")
    if az is None:
        return "there is no `az` on PATH to ask"
    command = [az, *arguments, "--output", "json", "--only-show-errors"]
    try:
        run = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
        return json.loads(run.stdout) if run.returncode == 0 else " ".join(run.stderr.split())[:300]
    except (subprocess.TimeoutExpired, ValueError) as error:
        return f"az gave no answer: {error}"
