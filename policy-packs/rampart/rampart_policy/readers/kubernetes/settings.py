"""Kinds whose spec is free settings: of issuers, secret stores, triggers; and what nodes are made from."""

from collections.abc import Iterator

from rampart_policy.facts import AutomaticAddressing, EncryptionAtRest, Fact, MetadataService, StorageEncryption
from rampart_policy.readers import secrets
from rampart_policy.readers.kubernetes.objects import Manifest, manifest


@manifest(
    "cert-manager.io:ClusterIssuer",
    "cert-manager.io:Issuer",
    "external-secrets.io:ClusterSecretStore",
    "external-secrets.io:SecretStore",
    "keda.sh:ScaledObject",
)
def settings(made: Manifest) -> Iterator[Fact]:
    """Secrets are named by reference, and servers spoken to with TLS."""
    yield from secrets.inside(made.at("spec"))


@manifest("karpenter.k8s.aws:EC2NodeClass", "eks.amazonaws.com:NodeClass")
def node_class(made: Manifest) -> Iterator[Fact]:
    """Karpenter documentation, "NodeClasses": tokens are required, and disks encrypted, unless told otherwise."""
    tokens = made.at("spec.metadataOptions.httpTokens").text(default="required")
    yield MetadataService(guarded=tokens.map(lambda text: text == "required"))
    yield AutomaticAddressing(public=made.at("spec.associatePublicIPAddress").flag(default=False))
    for mapping in made.at("spec.blockDeviceMappings").items():
        disk = mapping.key("ebs")
        yield StorageEncryption(enabled=disk.key("encrypted").flag(default=True))
        yield EncryptionAtRest(customer_key=disk.key("kmsKeyID").text(default="").map(bool))
    user_data = made.at("spec.userData")
    if not user_data.missing:
        yield secrets.script(user_data)
