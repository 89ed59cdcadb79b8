"""Role-based access control in the cluster: what roles allow, and whom bindings give them to.

`data/kubernetes_rights.json` lists what gives more than it says.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from rampart_policy.facts import (
    AccessGrant,
    ApiWildcard,
    Audience,
    ClusterSubject,
    Fact,
    Principal,
    Role,
    RoleAggregation,
    RoleGrant,
    Scope,
    SecretAccess,
    SensitiveAccess,
)
from rampart_policy.readers.kubernetes.objects import Manifest, manifest
from rampart_policy.values import UNKNOWN, Field, Node, Unknown, combine

READING = frozenset({"get", "list", "watch", "*"})
EVERYONE = frozenset({"system:anonymous", "system:unauthenticated", "system:authenticated", "*"})
SUPERUSERS = frozenset({"system:masters", "system:nodes"})
ACCOUNTS = "system:serviceaccounts"
ACCOUNT = "system:serviceaccount:"


@cache
def _rights() -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads((Path(__file__).parents[2] / "data" / "kubernetes_rights.json").read_text())
    return found


@cache
def _sensitive() -> Mapping[str, Mapping[str, Sequence[tuple[str, str]]]]:
    """By resource and verb: the API groups where that gives more, and what."""
    found: dict[str, dict[str, list[tuple[str, str]]]] = {}
    for entry in _rights()["sensitive"]:
        for resource in entry["resources"]:
            for verb in entry["verbs"]:
                found.setdefault(resource, {}).setdefault(verb, []).append((entry["group"], entry["gives"]))
    return found


@manifest("rbac.authorization.k8s.io:Role", "rbac.authorization.k8s.io:ClusterRole")
def role(made: Manifest) -> Iterator[Fact]:
    for rule in made.at("rules").items():
        yield from _rule(rule)
    for selector in made.at("aggregationRule.clusterRoleSelectors").items():
        yield RoleAggregation(everything=_selects_all(selector))


def _rule(rule: Node) -> Iterator[Fact]:
    for key in ("verbs", "resources", "apiGroups"):
        for item in rule.key(key).items():
            yield ApiWildcard(wildcard=item.text(default="").map(lambda word: "*" in word))
    for item in rule.key("nonResourceURLs").items():
        yield ApiWildcard(wildcard=item.text(default="").map(lambda path: path.strip() in ("*", "/*")))
    groups = [*rule.key("apiGroups").items()]
    named = _named(rule.key("resourceNames"))
    for resource in rule.key("resources").items():
        for verb in rule.key("verbs").items():
            pair = resource.text(default=""), verb.text(default="")
            yield SensitiveAccess(sensitive=_gives(*pair, groups), named=named)
            yield SecretAccess(reads=_reads(*pair, groups), named=named)


def _named(names: Node) -> Field[bool]:
    """Whether a rule is for named objects only, and none of the names is one that has everything."""
    texts = [item.text(default="").value for item in names.items()]
    if any(isinstance(text, Unknown) for text in texts):
        return (
            Field(bool(texts) and isinstance(names.raw, list), names.path)
            if isinstance(names.raw, list)
            else Field(UNKNOWN, names.path)
        )
    return Field(bool(texts) and not set(texts) & {*_rights()["privileged_names"]}, names.path, source=texts or None)


def _gives(resource: Field[str], verb: Field[str], groups: Sequence[Node]) -> Field[bool]:
    """Whether a verb on a resource gives more than it says."""

    def gains(kind: str, act: str) -> str:
        verbs = _sensitive().get("userextras" if kind.startswith("userextras/") else kind, {})
        named = [gain for known, gains in verbs.items() if act in (known, "*") for gain in gains]
        return next((gives for group, gives in named if _of_group(groups, group)), "")

    gained = combine(gains, resource, verb)
    if isinstance(gained.value, Unknown):
        return Field(gained.value, gained.path, gained.secret)
    shown = f"{verb.value} {resource.value}, {gained.value}" if gained.value else None
    return Field(bool(gained.value), resource.path, gained.secret, source=shown)


def _reads(resource: Field[str], verb: Field[str], groups: Sequence[Node]) -> Field[bool]:
    reads = combine(lambda kind, act: kind == "secrets" and act in READING and _of_group(groups, ""), resource, verb)
    if isinstance(reads.value, Unknown):
        return reads
    return Field(reads.value, resource.path, reads.secret, source=f"{verb.value} {resource.value}")


def _of_group(groups: Sequence[Node], group: str) -> bool:
    """Whether a rule is about an API group; what is not known yet may be it, and so is a rule that names none."""
    texts = [node.text(default="").value for node in groups]
    return not texts or any(isinstance(text, Unknown) or text in (group, "*") for text in texts)


def _selects_all(selector: Node) -> Field[bool]:
    """A selector that asks for nothing takes everything."""
    if isinstance(selector.raw, Unknown):
        return Field(UNKNOWN, selector.path)
    asked = [place for key in ("matchLabels", "matchExpressions") if (place := selector.key(key).raw)]
    return Field(not asked, selector.path, source=selector.raw if isinstance(selector.raw, dict) else None)


@manifest("rbac.authorization.k8s.io:RoleBinding", "rbac.authorization.k8s.io:ClusterRoleBinding")
def binding(made: Manifest) -> Iterator[Fact]:
    name = made.at("roleRef.name").text(default="")
    whole = made.kind.endswith("ClusterRoleBinding")
    scope = Scope("the whole cluster" if whole else "the namespace", broad=False)
    yield RoleGrant(
        role=name.map(lambda text: Role(text, broad=_is_broad(text, whole))),
        scope=Field(scope, made.root.at("kind").path),
    )
    harmless = name.map(lambda text: text in _rights()["harmless"])
    for subject in made.at("subjects").items():
        yield from _subject(subject, harmless)


def _is_broad(name: str, whole: bool) -> bool:
    rights = _rights()
    return name in rights["broad_anywhere"] or (whole and name in rights["broad_on_the_cluster"])


def _subject(subject: Node, harmless: Field[bool]) -> Iterator[AccessGrant | ClusterSubject]:
    kind, name = subject.key("kind").text(default=""), subject.key("name").text(default="")
    yield AccessGrant(allows=Field(True, name.path), principal=name.map(_principal), narrowed=harmless)
    yield ClusterSubject(
        superuser=name.map(lambda text: text in SUPERUSERS),
        default_account=combine(_is_default, name, kind),
    )


def _principal(name: str) -> Principal:
    if name in EVERYONE:
        return Principal(name, Audience.EVERYONE)
    if name == ACCOUNTS or name.startswith(f"{ACCOUNTS}:"):
        return Principal(name, Audience.ORGANIZATION)
    return Principal(name, Audience.NAMED)


def _is_default(name: str, kind: str) -> bool:
    """The default account, by itself or as the user that it logs in as."""
    return (kind == "ServiceAccount" and name == "default") or (
        name.startswith(ACCOUNT) and name.rpartition(":")[2] == "default"
    )
