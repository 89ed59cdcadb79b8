"""Identity: in whose name the program works, and what it makes up."""

from rampart_policy.configuration import Settings
from rampart_policy.facts import (
    ClearTextSecret,
    CloudLogin,
    GeneratedPassword,
    GeneratedSecret,
)
from rampart_policy.registry import Level, Severity, control
from rampart_policy.values import when
from rampart_policy.verdicts import Verdict

ENTROPY = 90
"""Bits: sixteen letters and digits. Guessing at a million million a second takes forty million years."""


@control(
    id="no-default-provider",
    title="Every resource names its provider",
    why="A default provider works in whatever account and region the environment happens to hold.",
    remediation="Declare a provider, pass it to the resources, and set pulumi:disable-default-providers.",
    severity=Severity.MEDIUM,
    judges=CloudLogin,
    level=Level.ADVISORY,
)
def default_provider(login: CloudLogin, settings: Settings) -> Verdict:
    return login.default.must_be(False, "a provider that the program declares")


@control(
    id="provider-is-pinned",
    title="A provider works in one named account only",
    why="With the wrong credentials at hand, an update of one account lands in another.",
    remediation="Name the account on the provider: allowedAccountIds, project, subscriptionId.",
    severity=Severity.MEDIUM,
    judges=CloudLogin,
    level=Level.ADVISORY,
)
def pinned_provider(login: CloudLogin, settings: Settings) -> Verdict:
    declared = login.default.map(lambda default: not default)
    return when(declared).then(login.pinned.must_be(True, "the account, project or subscription"))


@control(
    id="password-is-strong",
    title="Generated passwords cannot be guessed",
    why="A short password, or one of few characters, falls to anybody who has its hash.",
    remediation="Use 20 characters or more, of letters and digits at least.",
    severity=Severity.HIGH,
    judges=GeneratedPassword,
)
def strong_password(password: GeneratedPassword, settings: Settings) -> Verdict:
    return password.entropy.must(lambda bits: bits >= ENTROPY, f"{ENTROPY} bits or more")


@control(
    id="no-clear-text-secret",
    title="No secret stands in a configuration",
    why="Environment variables, start scripts and connection strings are read by whoever may look at the resource, and "
    "stay in logs and backups.",
    remediation="Keep it in a secret store, and refer to it from there.",
    severity=Severity.HIGH,
    judges=ClearTextSecret,
)
def clear_text_secret(secret: ClearTextSecret, settings: Settings) -> Verdict:
    return secret.present.must_be(False, "a reference to a secret store")


@control(
    id="generated-secret-is-marked-secret",
    title="What is made up to be a secret is made as one",
    why="RandomString, RandomId and their like stand in the state and in every preview in the clear.",
    remediation="Use RandomPassword or RandomBytes, whose results are secret; or give it a name that does not "
    "call it one.",
    severity=Severity.HIGH,
    judges=GeneratedSecret,
)
def generated_secret(secret: GeneratedSecret, settings: Settings) -> Verdict:
    return secret.marked.must_be(True, "a RandomPassword or RandomBytes")
