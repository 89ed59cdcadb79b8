"""AWS policy documents: parsed into statements, never matched as text.

IAM User Guide, "IAM JSON policy elements reference".
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rampart_policy.facts import AccessGrant, Audience, Permission, Principal
from rampart_policy.readers import addresses
from rampart_policy.readers.aws import actions
from rampart_policy.readers.pulumi import items
from rampart_policy.registry import Reader
from rampart_policy.resources import Resource
from rampart_policy.values import Field, Node, Unknown, combine, either, every

NARROWING_KEYS = frozenset(
    {
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:resourceaccount",
        "aws:resourceorgid",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceorgid",
        "aws:sourceowner",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:userid",
        "aws:username",
        "elasticfilesystem:accesspointarn",
        "kms:calleraccount",
        "s3:dataaccesspointaccount",
    }
)
"""Condition keys that name who calls, from where, or whose resource it is."""

ADDRESS_KEYS = frozenset({"aws:sourceip"})
"""Condition keys that name address ranges; narrow unless they take in the internet (S3 User Guide, "The meaning of
public"). `aws:VpcSourceIp` is none: anybody's network has 10.0.0.0/8."""

MOUNTED = "elasticfilesystem:accessedviamounttarget"
"""Holds for clients that come by a mount target, in the own network (EFS User Guide, "Blocking public access")."""

NARROWING_OPERATORS = frozenset({"stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike"})
"""Operators that hold only for what they list. With `IfExists` they hold for requests without the key too."""

AWS_ACCOUNTS = frozenset(
    (
        *("127311923021", "033677994240", "027434742980", "797873946194", "098369216593", "754344448648"),
        *("589379963580", "718504428378", "383597477331", "600734575887", "114774131450", "783225319266"),
        *("582318560864", "985666609251", "054676820928", "156460612806", "652711504416", "635631232127"),
        *("009996457667", "897822967062", "076674570225", "507241528517", "048591011584", "190560391635"),
    )
)
"""Accounts of AWS's own that write the access logs of load balancers, one a region (Elastic Load Balancing guide,
"Enable access logs")."""

UNCONDITIONAL = Field(False)

EXCLUDING_OPERATORS = frozenset({"stringnotequals", "stringnotlike", "arnnotequals", "arnnotlike"})
"""Operators that hold for all but what they list, and for requests without the key."""

AWS_ITSELF = frozenset({"aws:principalisawsservice", "aws:viaawsservice"})

_NOT_EVERY = Field(False)

_DELEGATE = re.compile(r"arn:[^:]*:iam::\d{12}:root|\d{12}")
"""An account, whose own policies say who in it may do what."""

_ACCOUNT = re.compile(r"^(?:arn:[^:]*:(?:iam|sts)::)?(\d{12})(?::.*)?$")


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a document, at its place."""

    node: Node

    @property
    def allows(self) -> Field[bool]:
        return self.node.key("Effect").text(default="").map(lambda effect: effect.lower() != "deny")

    @property
    def denies(self) -> Field[bool]:
        return self.allows.map(lambda allows: not allows)

    @property
    def principals(self) -> Iterator[Node]:
        """Each principal, whatever its kind. Everybody but some (`NotPrincipal`) is everybody."""
        other = self.node.key("NotPrincipal")
        if not other.missing:
            yield other if isinstance(other.raw, Unknown) else Node("*", other.path)
        named = self.node.key("Principal")
        if isinstance(named.raw, dict):
            for _, kind in named.entries():
                yield from kind.items()
        else:
            yield from named.items()

    def all_of(self, element: str, wide: str) -> Field[bool]:
        """Whether `Action` or `Resource` takes in everything that matches the pattern `wide`; `NotAction` and
        `NotResource` take in everything but a few.
        """
        other = self.node.key(f"Not{element}")
        if not other.missing:
            return other.given
        pattern = re.compile(wide, re.IGNORECASE)
        texts = [item.text(default="") for item in self.node.key(element).items()]
        matches = [text.map(lambda value: bool(pattern.fullmatch(value))) for text in texts]
        return either(*matches) if matches else Field(False, self.node.key(element).path)

    @property
    def conditions(self) -> Iterator[tuple[str, str, Node]]:
        """Operator and key in lower case, and the place of the value."""
        for operator, keys in self.node.key("Condition").entries():
            for key, value in keys.entries():
                yield operator.lower(), key.lower(), value

    @property
    def narrowed(self) -> Field[bool]:
        """Whether a condition names who, from where, or whose."""
        place = self.node.key("Condition")
        if isinstance(place.raw, Unknown):
            return Field(place.raw, place.path)
        found = [
            narrows(value)
            for operator, key, value in self.conditions
            if (key in NARROWING_KEYS and lists(operator)) or (key in ADDRESS_KEYS and operator == "ipaddress")
        ]
        found += [
            value.flag(default=False)
            for operator, key, value in self.conditions
            if key == MOUNTED and operator == "bool"
        ]
        return either(*found) if found else Field(False, place.path)

    @property
    def guards(self) -> Field[bool]:
        """Whether it denies everybody but those whom one condition names, by what they are not: `StringNotEquals` on
        the endpoint or the account, as private APIs have it. Calls of AWS itself may be let through.
        """
        conditions = [(operator, key, value) for operator, key, value in self.conditions if key not in AWS_ITSELF]
        if len(conditions) != 1:
            return Field(False)
        operator, key, value = conditions[0]
        negative = operator.removesuffix("ifexists")
        named = (key in NARROWING_KEYS and negative in EXCLUDING_OPERATORS) or (
            key in ADDRESS_KEYS and negative == "notipaddress"
        )
        if not named:
            return Field(False)
        everybody = [node.text(default="").map(lambda name: name == "*") for node in self.principals]
        return every(self.denies, narrows(value), *everybody)

    def limited(self, keys: re.Pattern[str]) -> Field[bool]:
        """Whether a condition on one of some keys lists what it holds for."""
        place = self.node.key("Condition")
        if isinstance(place.raw, Unknown):
            return Field(place.raw, place.path)
        found = [narrows(value) for operator, key, value in self.conditions if keys.fullmatch(key) and lists(operator)]
        return Field(either(*found).value, place.path) if found else Field(False, place.path)


def _guarded(allow: Statement, deny: Statement) -> Field[bool]:
    """Whether what a statement allows is under another's denial, action by action and resource by resource."""
    parts = [deny.guards]
    for element in ("Action", "Resource"):
        denied = [item.text(default="") for item in deny.node.key(element).items()]
        parts += [
            combine(_among, item.text(default=""), *denied) for item in allow.node.key(element).items() if denied
        ] or [Field(bool(denied), deny.node.key(element).path)]
    return every(*parts)


def _among(text: str, *patterns: str) -> bool:
    return any(re.fullmatch(actions.wildcards(pattern), text, re.IGNORECASE) for pattern in patterns)


def statements(policy: Node) -> Iterator[Statement]:
    """The statements of a document, given as JSON text or as an object. One unknown statement for one not known."""
    document = _document(policy)
    for item in document.key("Statement").items():
        yield Statement(item)


def _document(policy: Node) -> Node:
    raw = policy.raw
    if not isinstance(raw, str):
        return policy
    try:
        parsed: Any = json.loads(raw)
    except ValueError:
        parsed = Unknown("should be a JSON document and is not one")
    return Node(parsed, policy.path, policy.secret)


def lists(operator: str) -> bool:
    """Whether an operator holds only for requests that have the key, with one of the values."""
    return operator.removeprefix("foranyvalue:") in NARROWING_OPERATORS


def narrows(value: Node) -> Field[bool]:
    """A list of names or ranges narrows if none of them takes in everybody."""
    texts = [item.text(default="*") for item in value.items()]
    open_ended = [text.map(_open_ended) for text in texts]
    return either(*open_ended).map(lambda any_open: not any_open) if texts else Field(False, value.path)


def _open_ended(name: str) -> bool:
    parts = name.split(":")
    any_account = parts[0] == "arn" and len(parts) > 4 and parts[4] == "*"
    any_name = parts[0] == "arn" and not "".join(parts[4:]).strip("*?/")
    return any_account or any_name or not name.strip("*?") or addresses.peer(name).public


def grants(policy: Node, resource: Resource) -> Iterator[AccessGrant | Permission]:
    """Whom a resource's policy lets in, and who of them may do everything: two facts per principal of each statement.

    An account is given everything so that its own policies decide (KMS Developer Guide, "Default key policy").
    """
    own = own_accounts(resource)
    guards = [statement for statement in statements(policy) if statement.guards.value is not False]
    for statement in statements(policy):
        narrowed = either(statement.narrowed, *(_guarded(statement, guard) for guard in guards))
        everything = [item.text(default="").map(actions.is_whole) for item in statement.node.key("Action").items()]
        whole = either(statement.node.key("NotAction").given, *everything)
        for node in statement.principals:
            text = node.text(default="")
            named = text.map(lambda name: Principal(name, audience(name, own)))
            yield AccessGrant(allows=statement.allows, principal=named, narrowed=narrowed)
            identity = text.map(lambda name: not _DELEGATE.fullmatch(name))
            yield Permission(
                allows=every(statement.allows, identity),
                every_action=whole,
                every_resource=_NOT_EVERY,
                narrowed=_NOT_EVERY,
            )


def grant(node: Node, resource: Resource, narrowed: Field[bool] = UNCONDITIONAL) -> AccessGrant:
    """One principal, account or group of accounts (`all`) that is let at a resource without a document."""
    own = own_accounts(resource)
    named = node.text(default="").map(lambda text: Principal(text, audience(text, own)))
    return AccessGrant(allows=Field(True), principal=named, narrowed=narrowed)


def policy(*paths: str) -> Reader:
    """The part of a reader that says whom a resource's policy lets in."""

    def part(made: Resource) -> Iterator[AccessGrant | Permission]:
        for path in paths:
            yield from grants(made.at(path), made)

    return part


def shared(*paths: str) -> Reader:
    """The part of a reader that says which accounts a resource is shared with, as texts or lists of them."""

    def part(made: Resource) -> Iterator[AccessGrant]:
        for path in paths:
            for node in made.at(path).items():
                yield grant(node, made)

    return part


def audience(principal: str, own: Sequence[str]) -> Audience:
    """How many an AWS principal stands for. Accounts other than `own` are others', if any are known to be own."""
    if "*" in principal or "?" in principal or principal.lower() == "all":
        return Audience.EVERYONE
    if ":organizations::" in principal:
        return Audience.ORGANIZATION
    account = _ACCOUNT.match(principal)
    if account and own and account[1] not in own and account[1] not in AWS_ACCOUNTS:
        return Audience.OTHER_ACCOUNT
    return Audience.NAMED


def own_accounts(resource: Resource) -> Sequence[str]:
    """The accounts that the resource's provider is pinned to; none where it is not."""
    if resource.provider is None:
        return ()
    pinned = items(resource.provider.at("allowedAccountIds"))
    return () if isinstance(pinned, Unknown) else tuple(str(account) for account in pinned)
