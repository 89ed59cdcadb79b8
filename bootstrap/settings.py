"""The settings of the first day: `bootstrap` in team.yaml, beside the accounts and tags that all programs share."""

import re
from collections.abc import Mapping
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, ValidationError, ValidationInfo, field_validator
from pydantic.alias_generators import to_camel

from bootstrap import BootstrapArgs, CloudName, Pipeline
from components.network.plan import PRIVATE
from components.site import Location
from infra import sources
from infra.catalogue import regions
from infra.parts import NAMES
from infra.problems import SettingsError
from infra.settings import ACCOUNTS, Label

GITHUB = "https://token.actions.githubusercontent.com"
LONGEST_SUBJECT = 127
"""Characters of a subject that Google Cloud maps (IAM documentation, Workload Identity Federation: google.subject)."""

COMMON = ("account", "owner", "environment", "data_class")
"""What team.yaml says for all programs."""


class Settings(BaseModel):
    """What one account's first day is made from. In team.yaml the names are in camel case.

    cloud, account: which one; the account is the cloud's of `accounts`.
    region: where state and keys are kept: the cloud's of `bootstrap.regions`.
    owner, environment, data_class: tags on everything; team.yaml's.
    issuer: of the pipeline's OIDC tokens. GitHub's unless given.
    subject_prefix: what the subjects of the pipeline's tokens begin with, up to the last colon before what tells one
        run from another. GitHub shows a repository's: `repo:<org>@<id>/<repo>@<id>`, or `repo:<org>/<repo>` for one
        that is older than July 2026 and has not opted in. It may be empty.
    preview, deploy: the rest of the subject of who previews and who deploys.
    reach: public ranges of addresses that pipelines and people come from; Azure lets in no others.
    linked_roles: services, as `rds` or `eks-nodegroup`, whose service-linked role the AWS account has already.
    """

    model_config = ConfigDict(frozen=True, validate_default=True, **NAMES)

    cloud: CloudName
    account: str
    region: str
    owner: Label
    environment: Label
    data_class: Label
    issuer: str = GITHUB
    subject_prefix: str
    preview: str = "pull_request"
    deploy: str = "environment:production"
    reach: tuple[IPv4Network, ...] = ()
    linked_roles: tuple[
        Literal["autoscaling", "eks", "eks-nodegroup", "elasticache", "pullthroughcache.ecr", "rds"], ...
    ] = ()

    @field_validator("account")
    @classmethod
    def _account_of_cloud(cls, account: str, info: ValidationInfo) -> str:
        pattern, words = ACCOUNTS[info.data["cloud"]]
        if not re.fullmatch(pattern, account):
            raise ValueError(f"wants {words}")
        return account

    @field_validator("region")
    @classmethod
    def _known_region(cls, region: str, info: ValidationInfo) -> str:
        if region not in regions(info.data["cloud"]):
            raise ValueError(f"wants a region of {info.data['cloud']}; see infra/catalogue/regions.json")
        return region

    @field_validator("issuer")
    @classmethod
    def _url(cls, issuer: str) -> str:
        if not re.fullmatch(r"https://[^\s/?#@:]+(/[^\s?#]*[^\s?#/])?", issuer):
            raise ValueError("wants the issuer's URL as its tokens have it: https, no port, no slash at the end")
        return issuer

    @field_validator("subject_prefix", "preview", "deploy")
    @classmethod
    def _exact(cls, text: str) -> str:
        if re.search(r"[*?\s'\"\\$]", text) or text != text.strip(":"):
            raise ValueError("wants it letter by letter: no wildcard, no space, no quote, no colon at either end")
        return text

    @field_validator("deploy")
    @classmethod
    def _apart(cls, deploy: str, info: ValidationInfo) -> str:
        if not deploy or deploy == info.data.get("preview"):
            raise ValueError("wants another subject than preview's: who previews runs code that nobody has reviewed")
        prefix = info.data.get("subject_prefix", "")
        longest = max(len(f"{prefix}:{rest}") for rest in (deploy, info.data.get("preview", "")))
        if info.data.get("cloud") == "gcp" and longest > LONGEST_SUBJECT:
            raise ValueError(f"the subject has {longest} characters; Google Cloud takes {LONGEST_SUBJECT}")
        return deploy

    @field_validator("reach")
    @classmethod
    def _public(cls, reach: tuple[IPv4Network, ...], info: ValidationInfo) -> tuple[IPv4Network, ...]:
        for block in reach:
            if any(block.overlaps(private) for private in PRIVATE) or block.prefixlen < 16:
                raise ValueError(
                    f"{block} is private, or wider than a /16: wants the addresses that pipelines come from"
                )
        if info.data.get("cloud") == "azure" and not reach:
            raise ValueError("is empty: nobody could read the state; name the addresses that pipelines come from")
        return reach

    def args(self) -> BootstrapArgs:
        """What the program is given. Its tags tell its things from the data planes', which pipelines may change."""
        tags = {
            "stack": "bootstrap",
            "owner": self.owner,
            "environment": self.environment,
            "data-class": self.data_class,
            "managed-by": "rampart-bootstrap",
        }
        return BootstrapArgs(
            location=Location(stack="bootstrap", region=self.region, zones=(), account=self.account, tags=tags),
            pipeline=Pipeline(self.issuer, self._subject(self.preview), self._subject(self.deploy)),
            reach=tuple(map(str, self.reach)),
            present=self.linked_roles,
        )

    def _subject(self, rest: str) -> str:
        return ":".join(part for part in (self.subject_prefix, rest) if part)


def read(stack: str, folder: Path) -> Settings:
    """The settings of one account's first day, from team.yaml in a folder. Raises `SettingsError` with all problems."""
    if stack not in get_args(CloudName):
        raise SettingsError(stack, [f"the stack's name: wants {', '.join(get_args(CloudName))}: one stack an account"])
    ours = sources.team(folder)
    given = dict(ours.bootstrap)
    chosen = given.pop("regions", {})
    raw: dict[str, Any] = {to_camel(name): getattr(ours, name) for name in COMMON if name != "account"}
    raw["account"] = ours.accounts.get(stack)
    raw["region"] = chosen.get(stack) if isinstance(chosen, Mapping) else None
    raw = {name: value for name, value in raw.items() if value is not None}
    if clash := sorted({"cloud", *map(to_camel, COMMON), "region"} & set(given)):
        raise SettingsError(stack, [f"bootstrap.{name}: is not set here [team.yaml]" for name in clash])
    try:
        return Settings.model_validate({"cloud": stack, **raw, **given})
    except ValidationError as error:
        raise SettingsError(
            stack, [_problem(stack, detail["loc"], detail["type"], detail) for detail in error.errors()]
        ) from None


def _problem(stack: str, place: tuple[int | str, ...], kind: str, detail: Any) -> str:
    """One line: the setting, what it got, and what would do."""
    name = ".".join(map(str, place))
    where = {"account": f"accounts.{stack}", "region": f"bootstrap.regions.{stack}"}.get(name)
    shown = where or (name if name in map(to_camel, COMMON) else f"bootstrap.{name}")
    if kind == "missing":
        return f"{shown}: is not set; set it in team.yaml"
    if kind == "extra_forbidden":
        known = [to_camel(field) for field in Settings.model_fields if field not in (*COMMON, "cloud", "region")]
        return f"{shown}: is not a setting; there are {', '.join(['regions', *known])} [team.yaml]"
    says = detail["msg"].removeprefix("Value error, ")
    return f"{shown}: got {detail['input']!r}: {says[0].lower()}{says[1:]} [team.yaml]"
