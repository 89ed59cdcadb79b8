"""One stack is one account: `aws`, `gcp` or `azure`. Read team.yaml, make what the first day needs, print the rest."""

import sys
from pathlib import Path

import pulumi

# Pulumi runs this folder, and its parent holds the packages.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bootstrap import Bootstrap, load
from bootstrap.settings import read
from components import clouds
from infra import sources
from infra.problems import SettingsError

try:
    settings = read(pulumi.get_stack(), sources.config_dir(Path(pulumi.get_root_directory())))
except SettingsError as error:
    raise pulumi.RunError(str(error)) from None

args = settings.args()
providers = list(clouds.load(settings.cloud).providers(args.location))
made = load(settings.cloud).Bootstrap("bootstrap", args, pulumi.ResourceOptions(providers=providers))
for output in Bootstrap.outputs:
    pulumi.export(output, getattr(made, output))
