"""The workflows: what they may do, and what their commands do when they are run."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import yaml

from demo.project import REPOSITORY, STACKS, Project
from demo.session import session
from infra import sources
from tests.conftest import RUN_PART, silent

WORKFLOWS = REPOSITORY / ".github" / "workflows"
STACK = "aws-us-east-1"
Step = dict[str, Any]


def workflow(name: str) -> dict[str, Any]:
    document: dict[Any, Any] = yaml.safe_load((WORKFLOWS / name).read_text())
    document["on"] = document.pop(True)  # YAML 1.1 reads `on` as a truth value
    return document


ALL = {path.name: workflow(path.name) for path in sorted(WORKFLOWS.glob("*.y*ml"))}
JOBS = [(name, job, about) for name, document in ALL.items() for job, about in document["jobs"].items()]


@pytest.mark.parametrize("name", ALL)
def test_nothing_runs_with_the_bases_rights_on_somebody_elses_code(name: str) -> None:
    assert not {"pull_request_target", "workflow_run", "issue_comment"} & set(
        ALL[name]["on"] if isinstance(ALL[name]["on"], dict) else [ALL[name]["on"]]
    )
    assert ALL[name]["permissions"] == {}


@pytest.mark.parametrize(("name", "job", "about"), JOBS, ids=[f"{name}-{job}" for name, job, _ in JOBS])
def test_a_job_can_do_what_it_says_and_no_more(name: str, job: str, about: dict[str, Any]) -> None:
    permissions = about["permissions"]
    assert set(permissions.items()) <= {("contents", "read"), ("id-token", "write"), ("pull-requests", "write")}
    # Who can have an identity in a cloud cannot write to the repository, and the other way round.
    assert not {"id-token", "pull-requests"} <= set(permissions)
    if name == "pull-request.yaml" and "id-token" in permissions:
        assert "head.repo.full_name == github.repository" in about["if"]
    if name == "deploy.yaml":
        assert about["environment"] == "production"
    for step in about["steps"]:
        assert step.get("with", {}).get("persist-credentials", True) is False or "checkout" not in step.get("uses", "")
        # Expressions reach a shell by its environment only.
        assert "${{" not in step.get("run", "")


def test_actions_are_pinned_by_commit_with_their_version_beside() -> None:
    for path in WORKFLOWS.glob("*.y*ml"):
        for line in path.read_text().splitlines():
            if re.match(r"\s*-?\s*uses:", line):
                assert re.search(r"uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line), line


def test_preview_and_deploy_log_in_as_different_identities() -> None:
    texts = {name: (WORKFLOWS / name).read_text() for name in ALL}
    assert "DEPLOY" not in texts["pull-request.yaml"]
    assert "PREVIEW" not in texts["deploy.yaml"]


def test_the_checks_are_the_makefiles() -> None:
    runs = [step["run"] for step in ALL["pull-request.yaml"]["jobs"]["check"]["steps"] if "run" in step]
    assert runs == ["make lint", "make test"]
    assert "make lint\nmake test" in (REPOSITORY / ".ci" / "run").read_text()


@dataclass
class GitHub:
    """As much of GitHub's API as comments take: they are there for the next call."""

    comments: list[dict[str, Any]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)

    def answer(self, method: str, path: str, body: dict[str, Any]) -> Any:
        self.calls.append(method)
        if method == "GET":
            page = int(re.search(r"[?&]page=(\d+)", path)[1])  # type: ignore[index]  # a KeyError is a failed test
            return self.comments[(page - 1) * 100 : page * 100]
        if method == "POST":
            comment = {"id": len(self.comments), "user": {"type": "Bot"}, "html_url": "https://github.test/c"}
            self.comments.append(comment)
        else:
            comment = self.comments[int(path.rpartition("/")[2])]
        comment |= body
        return comment


@pytest.fixture
def github() -> Iterator[tuple[GitHub, str]]:
    """A pull request with more comments than a page holds, one of a person who quotes the mark."""
    hub = GitHub()
    hub.comments += [
        {"id": number, "user": {"type": "User"}, "body": "<!-- rampart: fleet preview -->", "html_url": ""}
        for number in range(101)
    ]

    class Handler(BaseHTTPRequestHandler):
        def handle_call(self) -> None:
            assert self.headers["Authorization"] == "Bearer the-token"
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            answer = json.dumps(hub.answer(self.command, self.path, json.loads(body or b"{}"))).encode()
            self.send_response(200)
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_POST = do_PATCH = handle_call

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield hub, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The repository as a team has it, committed: one region a cloud, and a folder of its own beside upstream's."""
    folder = tmp_path / "clone"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    others = {f"stacks/Pulumi.{stack}.yaml" for stack in sources.stacks(sources.UPSTREAM)}
    others -= {f"stacks/Pulumi.{stack}.yaml" for stack in STACKS}
    for name in filter(None, listed.stdout.split("\0")):
        if (REPOSITORY / name).is_file() and name not in others:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(REPOSITORY / name, folder / name)
    (folder / "infra" / "__main__.py").write_text(RUN_PART)
    project = folder / "Pulumi.yaml"
    project.write_text(project.read_text().replace("stackConfigDir: stacks/", "stackConfigDir: team/"))
    (folder / "team").mkdir()
    shutil.copyfile(REPOSITORY / "demo" / "team.yaml", folder / "team" / "team.yaml")
    pack = folder / "policy-packs" / "rampart.config.json"
    document = json.loads(pack.read_text())
    document["rampart"]["protection"] = "development"  # as the team above has its stacks
    pack.write_text(json.dumps(document))
    (folder / ".rampart").mkdir()
    (folder / ".rampart" / "venv").symlink_to(REPOSITORY / ".rampart" / "venv")
    git(folder, "init", "-q")
    commit(folder)
    return folder


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=test", "-c", "user.email=test@localhost", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout.strip()


def commit(folder: Path) -> str:
    """Everything, committed; the revision."""
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "as it is")
    return git(folder, "rev-parse", "HEAD")


def run(folder: Path, name: str, job: str, step: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    """A step's command as GitHub's runner runs it, in this environment and with these variables."""
    [command] = [s["run"] for s in ALL[name]["jobs"][job]["steps"] if s.get("name") == step]
    shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", command]
    ours = {key: value for key, value in os.environ.items() if not key.startswith("GITHUB_")}
    environment = {**ours, "RAMPART_SECRETS_PROVIDER": "passphrase", **variables}
    return subprocess.run(shell, cwd=folder, capture_output=True, text=True, env=environment)


def test_the_commands_do_what_the_workflows_say(project: Project, clone: Path, github: tuple[GitHub, str]) -> None:
    hub, api = github
    with session(project, silent):
        (clone / "components" / "bucket" / "aws.py").open("a").write("# changed\n")
        base, head = git(clone, "rev-parse", "HEAD"), commit(clone)

        # A pull request: only the stacks of the cloud that the change touches; nothing is made, not even the stack.
        preview = run(clone, "pull-request.yaml", "preview", "Preview", CLOUD="aws", BASE=base)
        assert preview.returncode == 0, preview.stderr
        [found] = json.loads((clone / "outcomes-aws.json").read_text())["stacks"]
        assert (found["stack"], found["status"]) == (STACK, "previewed")
        assert found["changes"]["create"] > 20
        assert found["packs"]
        assert git(clone, "status", "--porcelain", "--", "team") == ""
        other = run(clone, "pull-request.yaml", "preview", "Preview", CLOUD="gcp", BASE=base)
        assert other.returncode == 0, other.stderr
        assert json.loads((clone / "outcomes-gcp.json").read_text()) == {"stacks": []}

        # One comment, of both jobs; a second run updates it and makes no other.
        variables = {"GITHUB_TOKEN": "the-token", "GITHUB_REPOSITORY": "acme/data-plane", "GITHUB_API_URL": api}
        variables |= {"PULL_REQUEST": "7", "HEAD": head}
        for calls in (["GET", "GET", "POST"], ["GET", "GET", "PATCH"]):
            hub.calls.clear()
            said = run(clone, "pull-request.yaml", "comment", "Comment", **variables)
            assert said.returncode == 0, said.stderr
            assert hub.calls == calls
            assert "the-token" not in said.stdout + said.stderr
        [*_, comment] = hub.comments
        assert len(hub.comments) == 102
        assert f"Preview of 1 region at {head}" in comment["body"]

        # Merged: it is deployed, and a second time there is nothing to do.
        for status in ("updated", "unchanged"):
            up = run(clone, "deploy.yaml", "up", "Up", CLOUD="aws")
            assert up.returncode == 0, up.stderr
            [made] = json.loads((clone / "outcomes-aws.json").read_text())["stacks"]
            assert (made["stack"], made["status"]) == (STACK, status)

        # A stack that is there is previewed as it stands.
        again = run(clone, "pull-request.yaml", "preview", "Preview", CLOUD="aws", BASE=base)
        assert again.returncode == 0, again.stderr
        [found] = json.loads((clone / "outcomes-aws.json").read_text())["stacks"]
        assert (found["status"], found["changes"].get("create", 0)) == ("unchanged", 0)


def test_a_preview_that_is_refused_fails_the_job_and_is_still_told(project: Project, clone: Path) -> None:
    with session(project, silent):
        keys = clone / "components" / "keys" / "__init__.py"
        keys.write_text(keys.read_text().replace("ROTATION_DAYS = 90", "ROTATION_DAYS = 365"))
        base = git(clone, "rev-parse", "HEAD")
        preview = run(clone, "pull-request.yaml", "preview", "Preview", CLOUD="aws", BASE=base)
        assert preview.returncode == 3
        told = run(clone, "pull-request.yaml", "comment", "Comment", PULL_REQUEST="7", HEAD="")
    assert told.returncode == 1
    assert "GITHUB_REPOSITORY is not set" in told.stderr
    [found] = json.loads((clone / "outcomes-aws.json").read_text())["stacks"]
    assert found["status"] == "refused"
