"""AWS identity policies: what they allow, on what, and whether that is enough to take more.

IAM User Guide, "IAM JSON policy elements reference"; Service Authorization Reference.
"""

import re
from collections.abc import Iterator

from rampart_policy.facts import Escalation, Fact, Permission
from rampart_policy.readers.aws import actions
from rampart_policy.readers.aws.policies import Statement, statements
from rampart_policy.registry import Reader
from rampart_policy.resources import Resource
from rampart_policy.values import Field, Node, combine, either, every

RESOURCE_KEYS = re.compile(
    r"[a-z0-9-]+:(?:resource|request)tag/.*|kms:(?:encryptioncontext:.*|viaservice|resourcealiases)|ec2:vpc|"
    r"ec2:createaction|cloudwatch:namespace|iam:awsservicename|route53:changeresourcerecordsetsnormalizedrecordnames"
)
"""Condition keys, in lower case, that say on which resources."""

BOUNDING_KEYS = re.compile(r"iam:(?:permissionsboundary|policyarn|resourcetag/.*)|aws:resourcetag/.*")
"""Condition keys that limit what identities can be given, or which."""

UNTYPED = frozenset({"s3", "sqs", "sns", "execute-api"})
"""Services whose ARNs name the resource with no type before it."""

SUBTYPES = frozenset({"index", "stream", "log-stream"})
"""Parts of a resource that follow its name: `table/*/index/*` is every table."""

OTHERS = frozenset({"iam", "kms"})
"""Services whose actions reach into other accounts when those let them."""

SELF = "${aws:username}"


def permissions(document: Node) -> Iterator[Fact]:
    """What each statement allows: one `Permission`, and one `Escalation`."""
    for statement in statements(document):
        resources = _resources(statement)
        on = either(statement.limited(RESOURCE_KEYS), _takes_none(statement))
        yield Permission(
            allows=statement.allows,
            every_action=_any_action(statement, actions.is_wide),
            every_resource=_any(resources, _makes_groups if _only_groups(statement) else is_everything),
            narrowed=Field(False, statement.node.key("Condition").path) if on.value is False else on,
        )
        yield Escalation(
            allows=statement.allows,
            possible=_escalates(statement, resources),
            bounded=statement.limited(BOUNDING_KEYS),
        )


def policy(*paths: str) -> Reader:
    """The part of a reader that says what an identity's policy allows."""

    def part(made: Resource) -> Iterator[Fact]:
        for path in paths:
            yield from permissions(made.at(path))

    return part


def is_everything(arn: str) -> bool:
    """Whether an ARN takes in all resources of a kind, or those of every account."""
    parts = arn.split(":", 5)
    if len(parts) < 6:
        return actions.has_wildcard(arn)
    service, account, resource = parts[2], parts[4], parts[5]
    if actions.has_wildcard(service):
        return True
    if account and not account.strip("*?") and service in OTHERS and SELF not in resource:
        return True
    kind, _, name = resource.replace(":", "/").partition("/")
    if not name or service in UNTYPED or actions.has_wildcard(kind):
        name = resource
    segments = re.split("[:/]", name)
    return "*" in name and all(segment in SUBTYPES or not segment.strip("*?") for segment in segments if segment)


def _resources(statement: Statement) -> list[Field[str]]:
    """What the statement is about; all but a few (`NotResource`) is everything."""
    other = statement.node.key("NotResource")
    if not other.missing:
        return [other.given.map(lambda _: "*")]
    return [item.text(default="") for item in statement.node.key("Resource").items()]


def _any(texts: list[Field[str]], test: actions.Test) -> Field[bool]:
    found = [text.map(test) for text in texts]
    return either(*found) if found else Field(False)


def _any_action(statement: Statement, test: actions.Test) -> Field[bool]:
    other = statement.node.key("NotAction")
    if not other.missing:
        return other.given
    return _any([item.text(default="") for item in statement.node.key("Action").items()], test)


def _only_groups(statement: Statement) -> bool:
    """Whether a statement does no more than make log groups, which has to be allowed before they are there."""
    named = [item.raw for item in statement.node.key("Action").items()]
    return bool(named) and all(isinstance(name, str) and name.lower() == "logs:createloggroup" for name in named)


def _makes_groups(arn: str) -> bool:
    return is_everything(arn) and not _OWN_LOGS.fullmatch(arn)


_OWN_LOGS = re.compile(r"arn:[^:]*:logs:[^:*]+:(?:\d{12}):(?:log-group:)?\*(?::\*)?")
"""All log groups of one account in one region."""


def _takes_none(statement: Statement) -> Field[bool]:
    """Whether no action takes a resource."""
    place = statement.node.key("Action")
    without = [item.text(default="").map(lambda name: not actions.takes_resource(name)) for item in place.items()]
    return every(*without) if without else Field(False, place.path)


def _escalates(statement: Statement, resources: list[Field[str]]) -> Field[bool]:
    """Actions that give permissions to whoever matches a wildcard; and those that take on or pass on any role."""
    found = [
        combine(_escalating, item.text(default=""), *resources)
        for item in statement.node.key("Action").items()
        if resources
    ]
    return either(*found) if found else Field(False, statement.node.key("Action").path)


def _escalating(pattern: str, *resources: str) -> bool:
    open_ended = [arn for arn in resources if actions.has_wildcard(arn)]
    own = [arn for arn in open_ended if not arn.endswith(f":user/{SELF}")]
    return (
        (bool(open_ended) and any(actions.among(pattern, actions.ESCALATING)))
        or (bool(own) and any(actions.among(pattern, actions.CREDENTIALS)))
        or (any(map(is_everything, resources)) and any(actions.among(pattern, actions.ASSUMING)))
    )
