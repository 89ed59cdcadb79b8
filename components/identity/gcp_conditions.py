"""IAM conditions: what narrows a role on the project where a resource takes no bindings of its own."""

from datetime import UTC, datetime


def only(resource: str, until: datetime | None = None) -> str:
    """The expression (CEL) that a request is for the resource of this full name, and comes before `until`.

    IAM documentation, Attribute reference for IAM Conditions: `resource.name`, `request.time`.
    """
    before = f' && request.time < timestamp("{until.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")' if until else ""
    return f'resource.name == "{resource}"{before}'
