"""Transport: what travels is encrypted, by a protocol that holds."""

from rampart_policy.configuration import Settings
from rampart_policy.facts import (
    CertificateCheck,
    CipherStrength,
    ClientConnection,
    ListenerTransport,
    ProtocolVersion,
    ServerTransport,
    StoreTransport,
    Transport,
)
from rampart_policy.registry import Level, Severity, control
from rampart_policy.verdicts import Verdict

MINIMUM_TLS = 1.2


@control(
    id="no-plaintext-transport",
    title="Services refuse unencrypted connections",
    why="Whoever is on the path reads, and changes, what is not encrypted.",
    remediation="Accept encrypted connections only: HTTPS, sslMode ENCRYPTED_ONLY, require_secure_transport on.",
    severity=Severity.HIGH,
    judges=Transport,
)
def plaintext(transport: Transport, settings: Settings) -> Verdict:
    return transport.plaintext.must_be(False, "encrypted connections only")


@control(
    id="no-plaintext-connection",
    title="Programs are told to connect with encryption",
    why="A program that is told to do without encryption, or to believe any certificate, does so for good.",
    remediation="Use the encrypted scheme (https, rediss, amqps, ldaps), sslmode verify-full, Encrypt=True without "
    "TrustServerCertificate, security.protocol SSL.",
    severity=Severity.HIGH,
    judges=ClientConnection,
)
def plaintext_connection(connection: ClientConnection, settings: Settings) -> Verdict:
    return connection.plaintext.must_be(False, "a connection that is encrypted, to a server that is checked")


@control(
    id="tls-1-2-or-later",
    title="Services refuse TLS before 1.2",
    why="TLS 1.0 and 1.1 have known breaks and are deprecated (RFC 8996).",
    remediation="Set the minimum TLS version to 1.2 or later.",
    severity=Severity.HIGH,
    judges=ProtocolVersion,
)
def minimum_tls(version: ProtocolVersion, settings: Settings) -> Verdict:
    return version.minimum.must(lambda oldest: oldest >= MINIMUM_TLS, f"TLS {MINIMUM_TLS} or later")


@control(
    id="bucket-refuses-plaintext",
    title="Every bucket's policy refuses plain HTTP",
    why="S3 answers plain HTTP unless the bucket's policy denies it.",
    remediation="Declare a BucketPolicy that denies s3:* to everyone, on the bucket and its objects, when "
    "aws:SecureTransport is false, on no other condition.",
    severity=Severity.HIGH,
    judges=StoreTransport,
    omission=Level.ADVISORY,
)
def bucket_transport(store: StoreTransport, settings: Settings) -> Verdict:
    return store.refuses_plaintext.must_exist("a Deny of s3:* to everyone when aws:SecureTransport is false")


@control(
    id="database-enforces-tls",
    title="Database servers refuse plaintext, and TLS before 1.2",
    why="Where the server leaves it to the client, one careless connection string sends the data in the clear.",
    remediation="Give the server a parameter group of the program's with rds.force_ssl 1 (PostgreSQL, SQL Server) or "
    "require_secure_transport ON (MySQL), and ssl_min_protocol_version TLSv1.2 or tls_version.",
    severity=Severity.HIGH,
    judges=ServerTransport,
    omission=Level.DISABLED,
)
def server_transport(transport: ServerTransport, settings: Settings) -> Verdict:
    refuses = transport.refuses_plaintext.must_be(True, "a server that refuses plaintext")
    return refuses & transport.minimum.must(lambda version: version >= MINIMUM_TLS, f"TLS {MINIMUM_TLS} or later")


@control(
    id="no-weak-cipher",
    title="Services refuse weak cipher suites",
    why="Without forward secrecy, whoever gets the key later reads what was recorded today.",
    remediation="Choose a strict profile (MODERN, RESTRICTED, FIPS_202205), or list ECDHE suites with GCM only.",
    severity=Severity.MEDIUM,
    judges=CipherStrength,
)
def weak_cipher(cipher: CipherStrength, settings: Settings) -> Verdict:
    return cipher.weak.must_be(False, "forward secrecy and authenticated encryption only")


@control(
    id="no-plaintext-listener",
    title="Listeners answer plain HTTP with a redirect at most",
    why="What is asked in the clear, cookies and all, is read and changed on the way.",
    remediation="Listen on HTTPS; on port 80, redirect and nothing else.",
    severity=Severity.HIGH,
    judges=ListenerTransport,
)
def plaintext_listener(listener: ListenerTransport, settings: Settings) -> Verdict:
    return listener.plaintext.must_be(False, "HTTPS, or a redirect to it")


@control(
    id="certificates-are-checked",
    title="Certificates of servers are checked",
    why="A client that checks no certificate talks to whoever is on the path.",
    remediation="Remove insecureSkipTLSVerify (insecure-skip-tls-verify), and give the authority's certificate "
    "(caBundle).",
    severity=Severity.HIGH,
    judges=CertificateCheck,
)
def certificate_check(client: CertificateCheck, settings: Settings) -> Verdict:
    return client.skipped.must_be(False, "certificates that are checked")
