"""Which texts are secrets, by what they look like and what they are called."""

import pytest

from rampart_policy.readers.secret_words import is_secret

SECRETS = [
    ("PGPASSWORD", "x1"),
    ("dbPass", "abc"),
    ("SECRET_KEY_BASE", "abcdef"),
    ("REDIS_AUTH", "foo"),
    ("GITHUB_PAT", "abc"),
    ("OAUTH_CLIENT_SECRET", "my-client-secret-value"),
    ("MONGO_URI", "mongodb+srv://u:p4ss@h/db"),
    ("appsettings.json", '{"ConnectionStrings": {"Default": "Server=a;User Id=b;Password=hunter2"}}'),
    ("a.properties", "db.password = hunter2\n"),
    ("config.toml", 'api_key = "abc123"'),
    ("redis.conf", "requirepass hunter2"),
    ("settings", "eyJkYiI6IHsicGFzc3dvcmQiOiAiaHVudGVyMmh1bnRlcjIifX0="),
    ("command", "curl -u admin:hunter2 https://example.org"),
    ("Authorization", "Basic YWRtaW46aHVudGVyMg=="),
    ("netrc", "machine a login b password hunter2"),
]
OTHERS = [
    ("TOKEN_ENDPOINT", "https://x/y"),
    ("PASSWORD_POLICY", "strict"),
    ("TOKENIZER", "bpe"),
    ("PASSWORDLESS", "on"),
    ("ACCESS_TOKEN_LIFETIME", "15m"),
    ("MAX_TOKENS", "4096"),
    ("PARTITION_KEY", "id"),
    ("KEY_VAULT_NAME", "kv"),
    ("nginx.conf", "location /token { proxy_pass http://auth:8080/token; }"),
    ("policy.json", '{"password": {"minLength": 12}, "maxTokens": 10, "secretName": "a", "token": null}'),
    ("values.yaml", "auth:\n  existingSecret: db\n  secretKeyRef: {name: a}\nsecret: app-tls\n"),
    ("queries.sql", "SELECT token, password FROM users WHERE token = ?"),
    ("otel.yaml", "authorization: Bearer ${env:TOKEN}\n"),
    ("start.sh", "DB_PASSWORD=$(gcloud secrets versions access latest --secret=db)"),
    ("AzureWebJobsStorage__credential", "managedidentity"),
    ("APPLICATIONINSIGHTS_CONNECTION_STRING", "InstrumentationKey=0-0;IngestionEndpoint=https://a.example.org/"),
    ("prometheus.yml", "bearer_token_file: /var/run/secrets/token\n"),
]


@pytest.mark.parametrize(("name", "value"), SECRETS)
def test_a_secret_is_one_by_its_name_or_its_looks(name: str, value: str) -> None:
    assert is_secret(name, value)


@pytest.mark.parametrize(("name", "value"), OTHERS)
def test_what_is_about_a_secret_is_none(name: str, value: str) -> None:
    assert not is_secret(name, value)
