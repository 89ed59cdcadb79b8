"""What an AWS account tells of itself: its caller, regions, roles, quotas and what is used of them."""

from collections.abc import Callable

from simulator.aws.iam import LINKED, ROLE
from simulator.aws.rds import INSTANCE
from simulator.cloud import Refusal, Scope
from simulator.regions import opt_in, regions
from simulator.state import Record, Store
from simulator.values import Props

_QUOTAS = {("vpc", "L-F678F1CE"): 5, ("rds", "L-7B6409FD"): 40}  # the defaults (Amazon VPC and RDS quotas)


def _caller(scope: Scope, arguments: Props, store: Store) -> Props:
    arn = f"arn:aws:iam::{scope.account}:role/simulated"
    return {"accountId": scope.account, "arn": arn, "id": scope.account, "userId": "AROASIMULATED"}


def _regions(scope: Scope, arguments: Props, store: Store) -> Props:
    """A new account has the regions that need no opt-in, and the filter asked for here is the one for those."""
    names = sorted(name for name in regions("aws") if not opt_in(name))
    return {"id": "aws", "names": names, "allRegions": arguments.get("allRegions", False)}


def _roles(scope: Scope, arguments: Props, store: Store) -> Props:
    prefix = str(arguments.get("pathPrefix", "/"))
    found = [r for r in store.all("aws", scope.account) if r.type == ROLE and str(r.get("path")).startswith(prefix)]
    arns, names = [str(role.get("arn")) for role in found], [role.id for role in found]
    for linked in LINKED.values():  # there from the start
        if f"/{linked}".startswith(prefix):
            arns, names = [*arns, f"arn:aws:iam::{scope.account}:role/{linked}"], [*names, linked.rpartition("/")[2]]
    return {"id": "roles", "arns": arns, "names": names, "pathPrefix": prefix}


def _quota(scope: Scope, arguments: Props, store: Store) -> Props:
    service, code = str(arguments.get("serviceCode")), str(arguments.get("quotaCode"))
    if (service, code) not in _QUOTAS:
        raise Refusal("NoSuchResourceException", f"no quota {code} of {service}")
    return {"id": code, "serviceCode": service, "quotaCode": code, "value": _QUOTAS[service, code]}


def _here(scope: Scope, store: Store, token: str) -> list[Record]:
    return [r for r in store.all("aws", scope.account) if r.type == token and r.region == scope.region]


def _instances(scope: Scope, arguments: Props, store: Store) -> Props:
    found = _here(scope, store, INSTANCE)
    arns, names = [str(r.get("arn")) for r in found], [str(r.get("identifier")) for r in found]
    return {"id": scope.region, "instanceArns": arns, "instanceIdentifiers": names, "region": scope.region}


LOOKUPS: dict[str, Callable[[Scope, Props, Store], Props]] = {
    "aws:index/getCallerIdentity:getCallerIdentity": _caller,
    "aws:index/getRegions:getRegions": _regions,
    "aws:iam/getRoles:getRoles": _roles,
    "aws:servicequotas/getServiceQuota:getServiceQuota": _quota,
    "aws:rds/getInstances:getInstances": _instances,
}
