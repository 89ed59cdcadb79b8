"""Who acts: the service agents of Google's services, which use the keys, and service accounts."""

from collections.abc import Callable

from simulator.cloud import Name, Operation, Refusal, Scope
from simulator.gcp.keys import KEY, MEMBER
from simulator.gcp.resource import FACTS, MET, SDK, GcpType, Rules, never, row, tokens
from simulator.rules import key_use, rule
from simulator.state import Record, Store
from simulator.values import Props, at

SERVICE, IDENTITY = tokens("projects", "Service", "ServiceIdentity")
(ACCOUNT,) = tokens("serviceaccount", "Account")
STORAGE, LOGGING, SQL = "gs-project-accounts", "gcp-sa-logging", "gcp-sa-cloud-sql"
CACHE, SECRETS, REGISTRY = "gcp-sa-memorystore", "gcp-sa-secretmanager", "gcp-sa-artifactregistry"
CLUSTERS, DISKS = "container-engine-robot", "compute-system"
_AGENT, _OF_GOOGLE = "gcp:iam/serviceAgent", ".iam.gserviceaccount.com"  # no type of the SDK: made when asked for
_AGENTS = {"storage": STORAGE, "logging": LOGGING, "sqladmin": SQL, "memorystore": CACHE, "secretmanager": SECRETS}
_AGENTS |= {"artifactregistry": REGISTRY}
_WITH_API = {CLUSTERS: "container", DISKS: "compute"}  # there as soon as the API is enabled
_USE = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
_INVALID, _EMAIL = "400 INVALID_ARGUMENT", f"{{accountId}}@{{account}}{_OF_GOOGLE}"


def agent(scope: Scope, domain: str) -> str:
    """The e-mail of a service agent of the project."""
    return f"service-{scope.settings['number']}@{domain}{_OF_GOOGLE}"


def is_enabled(store: Store, account: str, api: str) -> bool:
    """Whether an API (`dns.googleapis.com`) is enabled in the project."""
    return any(record.type == SERVICE and record.get("service") == api for record in store.all("gcp", account))


def _made(scope: Scope, store: Store, domain: str) -> str:
    """The e-mail of an agent, which is there from now on."""
    email = agent(scope, domain)
    if store.holder("gcp", _AGENT, email) is None:
        place: Props = {"package": "gcp", "account": scope.account, "region": "", "type": _AGENT, "seed": 0}
        store.insert(Record(**place, id=email, key=email, inputs={}, outputs={}))
    return email


def _look_up(service: str, **answer: str) -> Callable[[Scope, Props, Store], Props]:
    def found(scope: Scope, arguments: Props, store: Store) -> Props:
        api, project = f"{service}.googleapis.com", arguments.get("project", scope.account)
        if project != scope.account:
            raise Refusal("403 forbidden", f"no permission on project {project!r}, or it does not exist")
        if not is_enabled(store, project, api):
            raise Refusal("403 SERVICE_DISABLED", f"{api} is disabled in project {project}; enable it first")
        email = _made(scope, store, _AGENTS[service])
        return {key: text.format(email=email, project=project) for key, text in answer.items()} | {"project": project}

    return found


def _project(scope: Scope, arguments: Props, store: Store) -> Props:
    project = arguments.get("projectId", scope.account)
    if project != scope.account:
        raise Refusal("403 forbidden", f"no permission on project {project!r}, or it does not exist")
    if not is_enabled(store, project, "cloudresourcemanager.googleapis.com"):
        raise Refusal("403 SERVICE_DISABLED", f"cloudresourcemanager.googleapis.com is disabled in project {project}")
    return {"id": f"projects/{project}", "projectId": project, "name": project, "number": scope.settings["number"]}


def _service(scope: Scope, arguments: Props, store: Store) -> Props:
    """A service that is on. Service Usage is from the start, or nothing could be turned on."""
    api, project = str(arguments.get("service")), str(arguments.get("project", scope.account))
    if api != "serviceusage.googleapis.com" and not is_enabled(store, project, api):
        raise Refusal("404 notFound", f"projects/{project}/services/{api} not found")
    return {"id": f"{project}/{api}", "project": project, "service": api}


LOOKUPS = {
    "gcp:projects/getProjectService:getProjectService": _service,
    "gcp:organizations/getProject:getProject": _project,
    "gcp:storage/getProjectServiceAccount:getProjectServiceAccount": _look_up(
        "storage", id="{email}", emailAddress="{email}", member="serviceAccount:{email}"
    ),
    "gcp:logging/getProjectCmekSettings:getProjectCmekSettings": _look_up(
        "logging", id="projects/{project}/cmekSettings", serviceAccountId="{email}", kmsKeyName="", kmsKeyVersionName=""
    ),
}


class _Identity(GcpType):
    def describe(self, operation: Operation) -> Props:
        """With the agent, if the service has one: asking again is no error, and nothing deletes it."""
        domain = _AGENTS.get(str(operation.one("service")).partition(".")[0])
        email = _made(operation.scope, operation.store, domain) if domain else None
        return super().describe(operation) | ({"email": email, "member": f"serviceAccount:{email}"} if email else {})


MEMBERS = (
    *(MEMBER, *tokens("projects", "IAMMember"), *tokens("serviceaccount", "IAMMember")),
    *(*tokens("storage", "BucketIAMMember"), *tokens("secretmanager", "SecretIamMember")),
    *tokens("artifactregistry", "RepositoryIamMember"),
)
_ID = Name("accountId", SDK, "[a-z][-a-z0-9]{4,28}[a-z0-9]", _INVALID, taken="409 alreadyExists", longest=30)
_OUTPUTS = {"email": _EMAIL, "member": f"serviceAccount:{_EMAIL}", "uniqueId": "{number}", "name": "{id}"}
TYPES = (
    row(IDENTITY, 5, "projects/{account}/services/{service}", "project", _Identity),
    row(ACCOUNT, 15, f"projects/{{account}}/serviceAccounts/{_EMAIL}", "project", name=_ID, outputs=_OUTPUTS),
)


@rule(MEMBERS, _INVALID, MET, "create", "member", "make it first (an agent: look it up, or make a ServiceIdentity)")
def _exists(operation: Operation) -> str | None:
    """A service account of the project, or an agent that encrypts for it, is named once it exists."""
    email = str(operation.one("member")).removeprefix("serviceAccount:")
    domain = email.partition("@")[2].removesuffix(_OF_GOOGLE)
    there = bool(operation.store.holder("gcp", _AGENT, email) or operation.find(ACCOUNT, email, ("email",)))
    if domain in _WITH_API:
        api = is_enabled(operation.store, operation.account, f"{_WITH_API[domain]}.googleapis.com")
        there = there or (api and email == agent(operation.scope, domain))
    absent = domain in {operation.account, *_AGENTS.values(), *_WITH_API} and not there
    return f"service account {email} does not exist" if absent else None


def encrypts(token: str, path: str, domain: str, codes: tuple[str, str], at_: str = "") -> Rules:
    """The rules of a key at `path`: it is in the same place (`at_`, or the resource's), and the agent may use it."""

    def elsewhere(operation: Operation) -> bool:
        region = operation.one(at_) if at_ else operation.region
        place = {"eu": "europe"}.get(region, region)
        return any(f"/locations/{place}/" not in key for key in operation.at(path))

    def denied(operation: Operation, key: str) -> str | None:
        if operation.record and at(operation.record.inputs, path) == [key]:
            return None  # judged when it was set
        if operation.find(KEY, key) is None:
            return f"the key {key!r} does not exist"
        wanted = (key, _USE, f"serviceAccount:{agent(operation.scope, domain)}")
        grants = (tuple(r.inputs[name] for name in ("cryptoKeyId", "role", "member")) for r in operation.others(MEMBER))
        return None if wanted in grants else f"permission denied on {key}: {wanted[2]} lacks {_USE}"

    says = "the key is in the location of what it encrypts (for EU: in europe)"
    where = never(token, codes[0], FACTS, (path, says, elsewhere, "write"))
    return *where, key_use(token, path, denied, codes[1], FACTS)


RULES = (_exists,)
