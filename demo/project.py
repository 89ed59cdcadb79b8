"""The demonstration's own Pulumi project: the repository's program, with stack files that git does not see.

Pulumi writes each stack's encryption salt into its stack file, and the committed ones must stay as they are. So the
demonstration does what a team does (docs/real-account.md): a stack configuration folder of its own, with a team.yaml.
"""

import json
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

import yaml

REPOSITORY = Path(__file__).resolve().parent.parent
STACKS = ("aws-us-east-1", "gcp-us-east4", "azure-eastus2")
PACK = REPOSITORY / "policy-packs" / "rampart"
PACK_CONFIG = REPOSITORY / "policy-packs" / "rampart.config.json"


@dataclass(frozen=True)
class Project:
    """Where the demonstration keeps what; `home` is `.rampart/` in the repository, or a folder of a test's.

    program: the folder of the repository whose program it runs.
    """

    home: Path
    program: str = "infra"

    @property
    def folder(self) -> Path:
        """The Pulumi project: Pulumi.yaml, the program, the stack files."""
        return self.home / "project"

    @property
    def clouds(self) -> Path:
        """What the simulated clouds remember."""
        return self.home / "clouds.db"

    @property
    def pack_config(self) -> Path:
        """The pack's configuration: the one that Rampart ships, but that a demonstration may lose what it holds."""
        return self.home / "rampart.config.json"

    @property
    def policy(self) -> dict[str, str]:
        """What puts the policy pack in force for commands typed by hand.

        The fleet passes it itself, and must not have both: the engine then loads the pack twice, and which
        configuration counts is chance.
        """
        return {
            "PULUMI_OPTION_POLICY_PACK": str(PACK),
            "PULUMI_OPTION_POLICY_PACK_CONFIG": str(self.pack_config),
        }

    def prepare(self) -> dict[str, str]:
        """Lay everything out, keeping what is there, and return the environment that Pulumi needs in it."""
        stacks, backend = self.folder / "stacks", self.home / "state"
        for folder in (stacks, backend):
            folder.mkdir(parents=True, exist_ok=True)
        own = REPOSITORY / self.program / "Pulumi.yaml"
        document = yaml.safe_load((own if own.exists() else REPOSITORY / "Pulumi.yaml").read_text())
        document |= {"main": f"{self.program}/", "stackConfigDir": "stacks/"}
        # The interpreter is the one that runs the demonstration, wherever that is.
        document["runtime"] = "python"
        (self.folder / "Pulumi.yaml").write_text(yaml.safe_dump(document, sort_keys=False))
        program = self.folder / self.program
        if not program.is_symlink():
            program.symlink_to(REPOSITORY / self.program, target_is_directory=True)
        shutil.copyfile(REPOSITORY / "demo" / "team.yaml", stacks / "team.yaml")
        configuration = json.loads(PACK_CONFIG.read_text())
        configuration["rampart"]["protection"] = "development"
        self.pack_config.write_text(json.dumps(configuration, indent=2))
        passphrase = self.home / "passphrase"
        if not passphrase.exists():
            passphrase.touch(mode=0o600)
            passphrase.write_text(secrets.token_hex(16))
        return {
            "PULUMI_HOME": str(self.home / "pulumi"),
            # Without notes about its files, of which an engine that is killed may leave half (docs/traps.md).
            "PULUMI_BACKEND_URL": f"file://{backend}?metadata=skip",
            "PULUMI_CONFIG_PASSPHRASE_FILE": str(passphrase),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "RAMPART_INDEX_LAG": "0",  # the simulated clouds' indices are never behind
        }
