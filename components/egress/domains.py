"""Which names may be listed as reachable from inside."""

import re
from ipaddress import ip_address

LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")

REGISTRIES = frozenset({"ac", "co", "com", "edu", "gob", "gov", "mil", "ne", "net", "or", "org"})
"""Labels that registries of countries give names under: `co.uk`, `com.au` (Public Suffix List, ICANN section)."""

EVERYBODYS = (
    *("amazonaws.com", "cloudfront.net", "on.aws"),
    *("googleapis.com", "googleusercontent.com", "run.app", "appspot.com", "web.app", "firebaseapp.com"),
    *("core.windows.net", "azurewebsites.net", "azureedge.net", "azurefd.net", "cloudapp.azure.com"),
    *("github.io", "githubusercontent.com", "pages.dev", "workers.dev", "vercel.app", "netlify.app", "herokuapp.com"),
)
"""Domains under which anybody is given a name for what is theirs (Public Suffix List, private section; the services'
own documentation). The best known only: whoever lists a wildcard answers for what is under it."""


def problem(domain: str) -> str | None:
    """Why a domain cannot be listed, and what would do; None if it can.

    It can if it is the exact name of a host (`api.example.com`), or `*.` and a domain that one party holds
    (`*.example.com`, which stands for every name below it, and not for itself).
    """
    if "://" in domain or "/" in domain or "@" in domain:
        return f"{domain!r} is a URL or a path: list the name of the host alone"
    if _is_address(domain):
        return f"{domain!r} is an address: what answers there can change hands; list the host's name"
    if ":" in domain:
        return f"{domain!r} names a port: only 443 is let out; list the name of the host alone"
    if domain != domain.lower() or domain.endswith("."):
        return f"{domain!r}: wants lower case, without a dot at the end"
    wild, name = domain.startswith("*."), domain.removeprefix("*.")
    labels = name.split(".")
    if "*" in name:
        return f"{domain!r}: a star stands for whole names at the beginning only, as in '*.example.com'"
    if len(name) > 253 or not all(LABEL.fullmatch(label) for label in labels):
        return f"{domain!r} is no name of a host: wants letters, digits and dashes between dots"
    if len(labels) < 2:
        return f"{domain!r} is {'all of a top-level domain' if wild else 'a single label'}: list the hosts by full name"
    if wild and len(labels) == 2 and labels[0] in REGISTRIES and len(labels[1]) == 2:
        return f"{domain!r} is everything that a country's registry gives away: list the hosts by full name"
    if wild and (shared := next((d for d in EVERYBODYS if name == d or name.endswith(f".{d}")), None)):
        return f"{domain!r}: anybody has names under {shared}, to take data to; list the hosts by full name"
    return None


def _is_address(text: str) -> bool:
    try:
        return bool(ip_address(text.strip("[]")))
    except ValueError:
        # Dots and digits alone are read as an address by many clients (`127.1`).
        return bool(re.fullmatch(r"(0x[0-9a-f]+|\d+)(\.(0x[0-9a-f]+|\d+))*", text))
