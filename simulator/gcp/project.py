"""A project: its services and service agents, and what every resource in it has in common."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from simulator.cloud import Operation, Refusal, ResourceType, Rule, Scope, Source
from simulator.regions import regions
from simulator.state import Record, Store
from simulator.values import UNKNOWN, Props, Secret, known, plain

SDK = Source("pulumi-gcp SDK text", "S")
FACTS = Source("GCP rows of the facts", "D")
PROVIDER = Source("source of the Google provider, August 2026", "D")
PRACTICE = Source("API errors met in practice", "K")
API = "https://www.googleapis.com/compute/v1/"
RFC1035 = r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?"

SERVICE = "gcp:projects/service:Service"
_AGENT = "gcp:storage/serviceAgent"  # not of the SDK: it is there once it has been looked up
_NUMBERS = {"rampart-demo": 424242424242}


def project_number(project: str) -> int:
    """The number that Google gives a project."""
    return _NUMBERS.get(project) or int(hashlib.sha256(project.encode()).hexdigest(), 16) % 10**12


@dataclass(frozen=True)
class Resource(ResourceType):
    """A resource of Google Cloud. links: outputs that are URLs, whatever form was given, with their collection."""

    links: Mapping[str, str] = field(default_factory=dict)

    def describe(self, operation: Operation) -> Props:
        """The row's outputs; names and ids of other resources as the URLs that the API gives back."""
        outputs = super().describe(operation)
        for name in self.links.keys() & outputs.keys():
            last = str(outputs[name]).rpartition("/")[2]
            outputs[name] = f"{API}projects/{operation.account}/{self.links[name]}/{last}"
        return outputs

    def stays(self, operation: Operation) -> bool:
        """Whether deletion only makes the engine forget it, so that it can be imported again."""
        return operation.inputs.get("deletionPolicy") == "ABANDON"

    def delete(self, operation: Operation) -> None:
        """Leave it in place if it stays."""
        if operation.record and self.stays(operation):
            operation.store.insert(operation.record)


class Shared(Resource):
    """What exists once, whoever asks for it and however often: an enabled service, a member of a policy."""

    def create(self, operation: Operation) -> Props:
        """Make it, or find it made."""
        outputs = super().create(operation)
        for same in [record for record in operation.others(self.token) if record.id == operation.id]:
            operation.store.remove(same)
        return outputs


class _Service(Shared):
    def stays(self, operation: Operation) -> bool:
        return not operation.inputs.get("disableOnDestroy") or super().stays(operation)


TYPES = (
    _Service(
        SERVICE,
        seconds=20,
        id="{account}/{service}",
        outputs={"project": "{account}", "deletionPolicy": "DELETE"},
        replace=("project", "service"),
    ),
)


def service_agent(scope: Scope, arguments: Props, store: Store) -> Props:
    """The lookup of Cloud Storage's service agent, which makes it exist."""
    project = arguments.get("project") or scope.account
    if project != scope.account:
        raise Refusal("403 forbidden", f"no permission on project {project!r}: the provider is for {scope.account!r}")
    email = agent(project)
    if store.holder("gcp", _AGENT, email) is None:
        what = Record(
            package="gcp", account=project, region="", type=_AGENT, id=email, key=email, inputs={}, outputs={}, seed=0
        )
        store.insert(what)
    return {"id": email, "emailAddress": email, "member": f"serviceAccount:{email}", "project": project}


def agent(project: str) -> str:
    """The e-mail of a project's Cloud Storage service agent."""
    return f"service-{project_number(project)}@gs-project-accounts.iam.gserviceaccount.com"


def labels(operation: Operation) -> Props | Secret | object:
    """The provider's labels and the resource's own, which win; secret or unknown as those are."""
    own = operation.raw.get("labels") or {}
    if not known(own):
        return UNKNOWN
    merged = operation.scope.settings["labels"] | (own.value if isinstance(own, Secret) else own)
    return Secret(merged) if isinstance(own, Secret) else merged


def placed(token: str, path: str, others: str, source: Source) -> Rule:
    """`path` is a region of Google Cloud, or fits `others` (places that are several regions)."""

    def check(operation: Operation) -> str | None:
        wrong = (v for v in operation.at(path) if v not in regions("gcp") and not re.fullmatch(others, v))
        return next((f"{value!r} (`{path}`) is no place that Google Cloud has" for value in wrong), None)

    says = f"`{path}` is a region that exists" + (f", or fits `{others}`" if others else "")
    return Rule(f"{token.rpartition(':')[2]}-{path}-exists", token, says, "400 invalid", source, check, "check", path)


def _other_project(operation: Operation) -> str | None:
    named = operation.one("project")
    other = named is not None and named != operation.account
    return f"no permission on project {named!r}, or it does not exist" if other else None


def _disabled(operation: Operation) -> str | None:
    module = operation.type.token.split(":")[1].partition("/")[0]
    api = {"kms": "cloudkms"}.get(module, module) + ".googleapis.com"
    if any(service.get("service") == api for service in operation.others(SERVICE)):
        return None
    return f"{api} has not been used in project {operation.account} before or it is disabled"


def _unborn(operation: Operation) -> str | None:
    email = str(operation.one("member")).removeprefix("serviceAccount:")
    absent = email.endswith("@gs-project-accounts.iam.gserviceaccount.com") and not any(
        operation.store.holder("gcp", _AGENT, email) for _ in (0,)
    )
    return f"service account {email} does not exist" if absent else None


def _bad_label(operation: Operation) -> str | None:
    for key, value in plain(operation.inputs.get("pulumiLabels") or {}).items():
        if not re.fullmatch(r"[a-z][a-z0-9_-]{0,62}", key) or not re.fullmatch(r"[a-z0-9_-]{0,63}", str(value)):
            return f"label {key!r}: {value!r} is not valid"
    return None
