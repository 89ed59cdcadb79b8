"""What a condition of a workload identity pool provider says of who logs in.

IAM documentation, "Best practices for using Workload Identity Federation".
"""

import re
from collections.abc import Mapping

from rampart_policy.readers.gcp import cel

SHARED_CLAIMS = frozenset(
    {
        *("actor", "actor_id", "aud", "base_ref", "email_verified", "enterprise", "enterprise_id", "environment"),
        *("event_name", "hd", "head_ref", "iss", "namespace", "namespace_id", "namespace_path", "organization"),
        *("organization_id", "owner", "owner_id", "ref", "ref_protected", "ref_type", "repository_owner"),
        *("repository_owner_id", "repository_visibility", "runner_environment", "root_namespace", "account_id"),
        *("terraform_organization_id", "terraform_organization_name", "user_login", "user_id", "tid"),
    }
)
"""Claims that more than one repository, pipeline or workspace has: an owner's name is on all that is theirs."""

_CLAIM = r"(?:[A-Za-z_]\w*\.)*[A-Za-z_]\w*(?:\[['\"][^'\"]*['\"]\])?"
_EQUAL = re.compile(rf"(?P<claim>{_CLAIM})\s*==\s*(?P<text>{cel.TEXT})")
_EQUAL_TURNED = re.compile(rf"(?P<text>{cel.TEXT})\s*==\s*(?P<claim>{_CLAIM})")
_AMONG = re.compile(rf"(?P<claim>{_CLAIM})\s+in\s+\[(?P<text>\s*(?:{cel.TEXT})(?:\s*,\s*(?:{cel.TEXT}))*\s*,?\s*)\]")


def is_exact(condition: str, mapping: Mapping[str, str]) -> bool:
    """Whether a condition holds only for subjects, or repositories, that it names in full.

    mapping: of attributes to the claims that they are made of, as the provider declares it.
    """
    return cel.narrows(condition, lambda text: _names_one(text, mapping))


def _names_one(text: str, mapping: Mapping[str, str]) -> bool:
    found = _EQUAL.fullmatch(text) or _EQUAL_TURNED.fullmatch(text) or _AMONG.fullmatch(text)
    if found is None:
        return False
    claim = mapping.get(found["claim"], found["claim"])
    name = re.findall(r"[A-Za-z_]\w*", claim)[-1:]
    values = [value[1:-1] for value in re.findall(cel.TEXT, found["text"])]
    return bool(name) and name[0] not in SHARED_CLAIMS and all(value and "*" not in value for value in values)
