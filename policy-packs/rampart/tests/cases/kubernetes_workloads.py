"""Cases of the controls on workloads: bounds, probes, images, and secrets in the clear."""

import base64
from typing import Any

from rampart_policy.testing import UNKNOWN, Declared, passes, resource, secret, undecided, violates
from rampart_policy.testing_pods import deployment, pod

BOUNDS = "container-has-bounds"
IMAGE = "image-names-its-version"
REGISTRY = "image-comes-from-allowed-registry"
CLEAR = "no-clear-text-secret"
ENV = "spec.template.spec.containers[0].env[0].value"
KEY = "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIE"
DIGEST = "@sha256:" + "0" * 64


def image(text: Any) -> Declared:
    return deployment({"image": text})


def env(name: Any, value: Any) -> Declared:
    return deployment({"env": [{"name": name, "value": value}]})


def args(*words: Any) -> Declared:
    return deployment({"args": list(words)})


def config_map(**data: Any) -> Declared:
    return resource("kubernetes:core/v1:ConfigMap", {"data": data})


def kept(**properties: Any) -> Declared:
    return resource("kubernetes:core/v1:Secret", properties)


def kubeconfig(text: Any) -> Declared:
    return resource("pulumi:providers:kubernetes", {"kubeconfig": text}, name="cluster")


CASES = [
    violates(BOUNDS, deployment({"resources": None}), at="resources.limits.cpu is missing"),
    violates(BOUNDS, deployment({"resources": {"limits": {"memory": None}}}), at="resources.limits.memory"),
    violates(BOUNDS, deployment({"resources": {"limits": {"cpu": "0"}}}), at="resources.limits.cpu"),
    violates(BOUNDS, deployment(initContainers=[{"name": "first"}]), at="initContainers[0].resources"),
    passes(BOUNDS, deployment({"resources": {"requests": None}})),
    passes(BOUNDS, deployment({"resources": None}, resources={"limits": {"cpu": 2, "memory": "1Gi"}})),
    undecided(BOUNDS, deployment({"resources": {"limits": UNKNOWN}})),
    violates("workload-has-probes", deployment({"readinessProbe": None}), at="readinessProbe is missing"),
    violates("workload-has-probes", deployment({"livenessProbe": None, "startupProbe": {}}), at="livenessProbe"),
    passes("workload-has-probes", deployment()),
    passes("workload-has-probes", deployment({"livenessProbe": None}, type="kubernetes:batch/v1:Job")),
    passes("workload-has-probes", deployment(initContainers=[{"name": "first"}])),
    undecided("workload-has-probes", deployment({"livenessProbe": UNKNOWN})),
    violates(IMAGE, image("nginx"), at="containers[0].image"),
    violates(IMAGE, image("registry.example.org:5000/app"), at="registry.example.org:5000/app"),
    violates(IMAGE, image("registry.example.org/app:latest"), at=":latest"),
    violates(IMAGE, image("registry.example.org/app:stable"), at=":stable"),
    violates(IMAGE, image("registry.example.org/app:latest-2"), at=":latest-2"),
    passes(IMAGE, image("registry.example.org:5000/app:1.2.3")),
    passes(IMAGE, image(f"registry.example.org/app:latest{DIGEST}")),
    passes(IMAGE, image(f"app{DIGEST}")),
    undecided(IMAGE, image(UNKNOWN)),
    violates(REGISTRY, image("nginx:1.25"), at="image", registries=["registry.example.org"]),
    violates(REGISTRY, image("registry.example.org.evil.test/a:1"), at="image", registries=["registry.example.org"]),
    violates(REGISTRY, image("registry.example.org/teams/a:1"), at="image", registries=["registry.example.org/team"]),
    passes(REGISTRY, image("registry.example.org/team/a:1"), registries=["other.test", "registry.example.org/team/"]),
    passes(REGISTRY, image("nginx:1.25"), registries=["docker.io/library"]),
    passes(REGISTRY, image("index.docker.io/library/nginx:1.25"), registries=["docker.io"]),
    passes(REGISTRY, image("nginx:1.25")),
    undecided(REGISTRY, image(UNKNOWN), registries=["registry.example.org"]),
    violates(CLEAR, env("DB_PASSWORD", "hunter2"), at=ENV),
    violates(CLEAR, env("dbPassword", "123456"), at=ENV),
    violates(CLEAR, env("API_KEY", "abc"), at=ENV),
    violates(CLEAR, env("DATABASE_URL", "postgres://app:hunter2@db.internal:5432/app"), at=ENV),
    violates(CLEAR, env("SETTINGS", "Server=db;User Id=app;Password=hunter2;"), at=ENV),
    violates(CLEAR, env("AWS_ACCESS_KEY_ID", "AKIA" + "A" * 16), at=ENV),
    violates(CLEAR, env("CERTIFICATE", KEY), at=ENV),
    violates(CLEAR, env("ANYTHING", secret("x")), at=ENV),
    violates(
        CLEAR,
        deployment({"env": [{"name": "DB_PASSWORD", "valueFrom": {"configMapKeyRef": {"name": "c", "key": "p"}}}]}),
        at="configMapKeyRef",
    ),
    violates(
        CLEAR, deployment(initContainers=[{"name": "a", "env": [{"name": "TOKEN", "value": "s3cr3t"}]}]), at="initC"
    ),
    violates(CLEAR, args("--user", "app", "--password", "hunter2"), at="args[3]"),
    violates(CLEAR, args("--db-password=hunter2"), at="args[0]"),
    violates(CLEAR, deployment({"command": ["sh", "-c", "export PGPASSWORD=hunter2; psql"]}), at="command[2]"),
    violates(CLEAR, args("curl", "-H", "Authorization: Bearer " + "abcdefgh12345"), at="args[2]"),
    violates(
        CLEAR,
        deployment({"livenessProbe": {"httpGet": {"httpHeaders": [{"name": "X-Api-Key", "value": "abc-def"}]}}}),
        at="livenessProbe.httpGet.httpHeaders[0].value",
    ),
    violates(CLEAR, config_map(password="hunter2"), at="data.password"),
    violates(
        CLEAR, config_map(**{"application.yaml": "db:\n  user: app\n  password: hunter2\n"}), at="application.yaml"
    ),
    violates(CLEAR, config_map(**{"app.properties": "spring.datasource.password=hunter2"}), at="data.app.properties"),
    violates(CLEAR, config_map(**{"app.json": '{"clientSecret": "hunter2"}'}), at="data.app.json"),
    violates(CLEAR, config_map(**{"config.json": '{"auths": {"r": {"auth": "dXNlcjpwYXNz"}}}'}), at="data.config.json"),
    violates(CLEAR, config_map(note=secret("x")), at="data.note"),
    violates(
        CLEAR,
        resource("kubernetes:core/v1:ConfigMap", {"binaryData": {"key.pem": base64.b64encode(KEY.encode()).decode()}}),
        at="binaryData.key.pem",
    ),
    violates(CLEAR, kubeconfig("users: [{name: a, user: {token: abc}}]"), at="kubeconfig"),
    passes(CLEAR, env("DB_PASSWORD_FILE", "/run/secrets/db")),
    passes(CLEAR, env("DB_PASSWORD", "$(FROM_ELSEWHERE)")),
    passes(CLEAR, env("TOKEN_TTL_SECONDS", "3600")),
    passes(CLEAR, env("MAX_TOKENS", "4096")),
    passes(CLEAR, env("SECRET_NAME", "db")),
    passes(CLEAR, env("AUTH_URL", "https://login.example.org/token")),
    passes(CLEAR, env("DATABASE_URL", "postgres://app@db.internal:5432/app")),
    passes(CLEAR, env("LOG_LEVEL", UNKNOWN)),
    passes(
        CLEAR,
        deployment({"env": [{"name": "DB_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "db", "key": "p"}}}]}),
    ),
    passes(
        CLEAR,
        args("--token-file", "/var/run/token", "--password-stdin", "serve", "--authentication-token-webhook=true"),
    ),
    passes(CLEAR, config_map(**{"app.yaml": "password: ${DB_PASSWORD}\npassword_file: /run/p\ntokens:\n  - a\n"})),
    passes(CLEAR, config_map(**{"ca.crt": "-----BEGIN CERTIFICATE-----\nMIIE"})),
    passes(CLEAR, kubeconfig(secret("users: [{user: {token: abc}}]"))),
    undecided(CLEAR, env("DB_PASSWORD", UNKNOWN)),
    undecided(CLEAR, args("--password", UNKNOWN)),
    undecided(CLEAR, config_map(password=UNKNOWN)),
    undecided(CLEAR, env(UNKNOWN, "abc")),
    undecided(CLEAR, deployment({"env": UNKNOWN})),
    violates("secret-content-is-marked-secret", kept(stringData={"password": "hunter2"}), at="stringData.password"),
    violates("secret-content-is-marked-secret", kept(data={"a": secret("x"), "b": "eA=="}), at="data.b"),
    violates(
        "secret-content-is-marked-secret",
        resource("kubernetes:yaml/v2:ConfigGroup", {"yaml": "apiVersion: v1\nkind: Secret\nstringData: {password: a}"}),
        at="yaml#0.stringData.password",
    ),
    passes("secret-content-is-marked-secret", kept(stringData=secret({"password": "hunter2"}), data={})),
    passes("secret-content-is-marked-secret", kept(stringData={"password": secret(UNKNOWN)})),
    undecided("secret-content-is-marked-secret", kept(stringData={"password": UNKNOWN})),
    violates(
        "no-whole-secret-in-environment",
        pod({"envFrom": [{"configMapRef": {"name": "a"}}, {"secretRef": {"name": "b"}}]}),
        at="envFrom[1].secretRef",
    ),
    passes("no-whole-secret-in-environment", pod({"envFrom": [{"configMapRef": {"name": "a"}}]})),
    undecided("no-whole-secret-in-environment", pod({"envFrom": [{"secretRef": UNKNOWN}]})),
    violates(
        "certificates-are-checked",
        resource("kubernetes:apiregistration.k8s.io/v1:APIService", {"spec": {"insecureSkipTLSVerify": True}}),
        at="spec.insecureSkipTLSVerify",
    ),
    violates(
        "certificates-are-checked",
        kubeconfig(secret("clusters: [{cluster: {insecure-skip-tls-verify: true}}]")),
        at="kubeconfig",
    ),
    passes("certificates-are-checked", kubeconfig("clusters: [{cluster: {insecure-skip-tls-verify: false}}]")),
    undecided("certificates-are-checked", kubeconfig(UNKNOWN)),
]
