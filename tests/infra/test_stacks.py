"""The committed stacks: eighteen regions or more, six a cloud, on every continent that the clouds serve."""

from collections import Counter

import pytest

from demo.project import REPOSITORY
from infra import sources
from infra.catalogue import regions
from infra.problems import SettingsError
from infra.settings import Settings, Surroundings

CONTINENTS = {
    **{"us": "North America", "na": "North America", "sa": "South America"},
    **{"eu": "Europe", "africa": "Africa", "apac": "Asia", "me": "Asia"},
}
OCEANIA = ("ap-southeast-2", "ap-southeast-4", "ap-southeast-6", "australia", "newzealand")
STACKS = sorted(sources.stacks(sources.UPSTREAM))


def continent(cloud: str, region: str) -> str:
    return "Oceania" if region.startswith(OCEANIA) else CONTINENTS[regions(cloud)[region].geography]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Settings]:
    folder = tmp_path_factory.mktemp("stacks")
    (folder / "team.yaml").write_text((REPOSITORY / "demo" / "team.yaml").read_text())
    return {stack: sources.read(stack, folder) for stack in STACKS}


def test_six_regions_or_more_on_each_cloud_and_six_continents_on_each(settings: dict[str, Settings]) -> None:
    count = Counter(found.cloud for found in settings.values())
    assert all(count[cloud] >= 6 for cloud in ("aws", "gcp", "azure"))
    for cloud in count:
        where = {continent(cloud, found.region) for found in settings.values() if found.cloud == cloud}
        assert where == {*CONTINENTS.values(), "Oceania"}, cloud


def test_no_two_networks_overlap_and_each_has_three_zones(settings: dict[str, Settings]) -> None:
    ranges = [found.cidr for found in settings.values()]
    assert len(set(ranges)) == len(ranges)
    assert not any(a.overlaps(b) for a in ranges for b in ranges if a is not b)
    assert {len(found.zones) for found in settings.values()} == {3}


@pytest.mark.parametrize("cloud", ["aws", "gcp", "azure"])
def test_a_region_that_cannot_carry_a_data_plane_is_refused_with_the_reason(cloud: str) -> None:
    refused = 0
    for region, row in regions(cloud).items():
        raw = {"cloud": cloud, "region": region, "plan": "enterprise", "account": ACCOUNTS[cloud], **TAGS}
        if row.status == "available" and len(row.zones) >= 3:
            Settings.parse(raw, Surroundings(f"{cloud}-{region}"))
            continue
        with pytest.raises(SettingsError, match=rf"{row.status}|too few: a data plane wants 3"):
            Settings.parse(raw, Surroundings(f"{cloud}-{region}"))
        refused += 1
    assert bool(refused) == (cloud != "gcp")


ACCOUNTS = {"aws": "111122223333", "gcp": "rampart-demo", "azure": "00000000-0000-4000-8000-00000000d3e0"}
TAGS = {"owner": "platform", "environment": "tests", "dataClass": "synthetic"}
