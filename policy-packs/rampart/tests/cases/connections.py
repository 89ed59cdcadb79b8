"""Cases of what programs are told to connect with, wherever a setting can stand."""

import json
from typing import Any

from rampart_policy.testing import UNKNOWN, Declared, passes, resource, secret, undecided, violates
from rampart_policy.testing_pods import deployment


def function(**variables: Any) -> Declared:
    return resource("aws:lambda/function:Function", {"environment": {"variables": variables}})


def pod(**variables: Any) -> Declared:
    return deployment({"env": [{"name": name, "value": value} for name, value in variables.items()]})


def files(**texts: Any) -> Declared:
    return resource("kubernetes:core/v1:ConfigMap", {"metadata": {"name": "a", "namespace": "b"}, "data": texts})


def site(text: Any) -> Declared:
    strings = [{"name": "db", "type": "SQLAzure", "connectionString": text}]
    return resource("azure-native:web:WebApp", {"siteConfig": {"connectionStrings": strings}})


def task(**variables: Any) -> Declared:
    container = {"name": "a", "environment": [{"name": name, "value": value} for name, value in variables.items()]}
    return resource("aws:ecs/taskDefinition:TaskDefinition", {"containerDefinitions": json.dumps([container])})


PLAIN, CLEAR = "no-plaintext-connection", "no-clear-text-secret"
LOGIN = "Server=tcp:s.database.windows.net;Database=d;Authentication=Active Directory Default"

CASES = [
    violates(PLAIN, function(API_URL="http://api.example.com/v1"), at="environment.variables.API_URL"),
    violates(PLAIN, function(DATABASE_URL="postgres://db.example.org/app?sslmode=disable"), at="DATABASE_URL"),
    violates(PLAIN, function(REDIS_URL="redis://cache.example.org:6379/0"), at="REDIS_URL"),
    violates(PLAIN, function(MONGO="mongodb://db.example.org/app"), at="MONGO"),
    violates(PLAIN, function(PGSSLMODE="prefer"), at="PGSSLMODE"),
    violates(PLAIN, function(REDIS_TLS="false"), at="REDIS_TLS"),
    violates(PLAIN, function(KAFKA_SECURITY_PROTOCOL="SASL_PLAINTEXT"), at="KAFKA_SECURITY_PROTOCOL"),
    violates(PLAIN, function(NODE_TLS_REJECT_UNAUTHORIZED="0"), at="NODE_TLS_REJECT_UNAUTHORIZED"),
    violates(PLAIN, task(BROKER="amqp://broker.example.org:5672"), at="containerDefinitions"),
    violates(PLAIN, pod(UPSTREAM="http://10.0.0.7:8080/"), at="env[0].value"),
    violates(PLAIN, deployment({"args": ["--dsn=host=db sslmode=disable"]}), at="args[0]"),
    violates(PLAIN, files(**{"app.properties": "security.protocol=PLAINTEXT\n"}), at="data.app.properties"),
    violates(PLAIN, site(f"{LOGIN};Encrypt=False"), at="connectionStrings[0].connectionString"),
    violates(PLAIN, site(f"{LOGIN};TrustServerCertificate=true"), at="connectionString"),
    passes(PLAIN, function(API_URL="https://api.example.com", REDIS_URL="rediss://cache.example.org:6380")),
    passes(PLAIN, function(DATABASE_URL="postgres://db.example.org/app?sslmode=verify-full", DB_SSL="true")),
    passes(PLAIN, function(MONGO="mongodb://db.example.org/app?tls=true", SRV="mongodb+srv://db.example.org")),
    passes(PLAIN, function(SIDECAR="http://localhost:4317", METADATA="http://169.254.169.254/latest")),
    passes(PLAIN, function(HTTPS_PROXY="http://proxy.example.org:3128", XML_NAMESPACE="http://www.w3.org/2000/svg")),
    passes(PLAIN, pod(COLLECTOR="http://collector.logs.svc.cluster.local:4317", PEER="http://peer:8080")),
    passes(PLAIN, pod(REDIS_URL="redis://127.0.0.1:6379", TEMPLATE="http://${HOST}/")),
    passes(PLAIN, site(LOGIN)),
    undecided(PLAIN, function(DATABASE_URL=UNKNOWN)),
    undecided(PLAIN, site(UNKNOWN)),
    passes(CLEAR, site(LOGIN)),
    violates(CLEAR, site(f"{LOGIN};Password=hunter2hunter2"), at="connectionString"),
    violates(CLEAR, site(secret(LOGIN)), at="connectionString"),
    undecided(CLEAR, resource("azure-native:web:WebAppConnectionStrings", {"properties": UNKNOWN})),
]
