"""Workloads: what containers are made from and may use, how one sees that they work, and where secrets are not."""

from rampart_policy.configuration import Settings
from rampart_policy.facts import (
    ContainerImage,
    ContainerProbes,
    ContainerResources,
    SecretEnvironment,
    SecretMarking,
)
from rampart_policy.registry import Level, Severity, control
from rampart_policy.verdicts import PASS, Verdict


@control(
    id="container-has-bounds",
    title="Containers say what CPU and memory they need, and have limits",
    why="A container without a limit takes its neighbours down with it; without a request, the scheduler packs "
    "blindly.",
    remediation="Set resources.requests and resources.limits, both for cpu and memory, on every container or the pod.",
    severity=Severity.MEDIUM,
    judges=ContainerResources,
)
def bounds(container: ContainerResources, settings: Settings) -> Verdict:
    limits = container.cpu_limit.must_exist("a limit") & container.memory_limit.must_exist("a limit")
    requests = container.cpu_request.must_exist("a request") & container.memory_request.must_exist("a request")
    return limits & requests


@control(
    id="workload-has-probes",
    title="Services that run on say whether they live and whether they are ready",
    why="Without probes, traffic goes to what does not answer, and what hangs stays.",
    remediation="Give every container of a Deployment, StatefulSet or ReplicaSet a livenessProbe and a readinessProbe.",
    severity=Severity.LOW,
    judges=ContainerProbes,
    level=Level.ADVISORY,
)
def probes(container: ContainerProbes, settings: Settings) -> Verdict:
    return container.liveness.must_exist("a livenessProbe") & container.readiness.must_exist("a readinessProbe")


@control(
    id="image-names-its-version",
    title="Images are named by a version or digest",
    why="The tag latest is another program tomorrow, on some nodes and not on others, and nobody reviewed it.",
    remediation="Name a version, or better the digest (`@sha256:...`).",
    severity=Severity.MEDIUM,
    judges=ContainerImage,
)
def image_version(container: ContainerImage, settings: Settings) -> Verdict:
    def versioned(tag: str) -> bool:
        return any(map(str.isdigit, tag)) and "latest" not in tag.lower()

    return container.image.must(lambda image: bool(image.digest) or versioned(image.tag), "a version or digest")


@control(
    id="image-comes-from-allowed-registry",
    title="Images come from the registries that the configuration allows",
    why="Whoever can push to another registry decides what runs here.",
    remediation="Copy the image to an allowed registry (rampart.registries in the pack's configuration), and "
    "name it there.",
    severity=Severity.HIGH,
    judges=ContainerImage,
)
def image_registry(container: ContainerImage, settings: Settings) -> Verdict:
    if not settings.registries:
        return PASS
    listed = " or ".join(settings.registries)
    return container.image.must(lambda image: any(_is_in(image.place, place) for place in settings.registries), listed)


def _is_in(place: str, registry: str) -> bool:
    """Whole parts of the path only: `registry.example` is no prefix of `registry.example.org`."""
    wanted = registry.lower().rstrip("/")
    return place == wanted or place.startswith(f"{wanted}/")


@control(
    id="secret-content-is-marked-secret",
    title="What goes into a Secret is a secret to Pulumi too",
    why="A value that is not marked stands in the program, in the state and in every preview in the clear.",
    remediation="Take the value from a secret setting or a resource's secret output, or wrap it in Output.secret.",
    severity=Severity.HIGH,
    judges=SecretMarking,
)
def marked(content: SecretMarking, settings: Settings) -> Verdict:
    return content.marked.must_be(True, "a value that is marked secret")


@control(
    id="no-whole-secret-in-environment",
    title="Containers take single values of a Secret, not all of it",
    why="Whatever is added to the Secret later is in the environment too, and in every crash report.",
    remediation="Mount the Secret as files, or name the keys with valueFrom.secretKeyRef.",
    severity=Severity.LOW,
    judges=SecretEnvironment,
    level=Level.ADVISORY,
)
def secret_environment(environment: SecretEnvironment, settings: Settings) -> Verdict:
    return environment.whole.must_be(False, "single keys")
