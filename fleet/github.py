"""The one comment of a pull request on GitHub, made once and updated in place.

GitHub's REST API, "Issue comments": a pull request's comments are its issue's.
"""

import json
import os
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from fleet.comment import MARK

PAGE = 100
"""How many comments GitHub lists at once, at most."""


class GitHubError(Exception):
    """What GitHub answered instead, or what its environment lacks."""


@dataclass(frozen=True)
class PullRequest:
    """A pull request, and the right to comment on it.

    repository: `<owner>/<name>`. api: where GitHub's API is; an Enterprise server has its own. token: may write to pull
    requests; never shown.
    """

    repository: str
    number: int
    api: str
    token: str = field(repr=False)

    @classmethod
    def here(cls, number: int) -> "PullRequest":
        """One of the repository whose workflow this runs in, by the variables that it sets. Raises `GitHubError`."""
        try:
            repository, token = os.environ["GITHUB_REPOSITORY"], os.environ["GITHUB_TOKEN"]
        except KeyError as missing:
            raise GitHubError(f"{missing.args[0]} is not set: a workflow of GitHub sets it") from None
        return cls(repository, number, os.environ.get("GITHUB_API_URL", "https://api.github.com"), token)

    def comment(self, text: str) -> str:
        """Have the marked comment say `text`: the address of the comment. Raises `GitHubError`."""
        marked = next((comment for comment in self._comments() if comment["body"].startswith(MARK)), None)
        comments = f"/repos/{self.repository}/issues"
        if marked:
            answer = self._call("PATCH", f"{comments}/comments/{marked['id']}", {"body": text})
        else:
            answer = self._call("POST", f"{comments}/{self.number}/comments", {"body": text})
        return str(answer["html_url"])

    def _comments(self) -> Iterator[dict[str, Any]]:
        """Those of programs: nobody's own comment is written over because it quotes the mark."""
        page, full = 1, True
        while full:
            found = self._call(
                "GET", f"/repos/{self.repository}/issues/{self.number}/comments?per_page={PAGE}&page={page}"
            )
            yield from (comment for comment in found if (comment.get("user") or {}).get("type") == "Bot")
            page, full = page + 1, len(found) == PAGE

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        request = urllib.request.Request(  # noqa: S310  (the API's address is the workflow's)
            self.api + path,
            method=method,
            data=json.dumps(body).encode() if body else None,
            headers={
                "Authorization": f"Bearer {self.token}",
                "Accept": "application/vnd.github+json",
                "X-GitHub-Api-Version": "2022-11-28",
                "Content-Type": "application/json",
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise GitHubError(f"{method} {path}: {error.code} {error.reason}") from None
        except (urllib.error.URLError, TimeoutError) as error:
            raise GitHubError(f"{method} {path}: {error}") from None
