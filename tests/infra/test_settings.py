from ipaddress import IPv4Network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.catalogue import regions
from infra.problems import SettingsError
from infra.settings import Settings, Surroundings

GOOD: dict[str, Any] = {
    "cloud": "aws",
    "region": "us-east-1",
    "plan": "enterprise",
    "account": "111122223333",
    "owner": "platform",
    "environment": "production",
    "dataClass": "confidential",
}
BROKEN = {"principal": "arn:aws:iam::111122223333:role/on-call", "expires": "2020-01-01T00:00:00Z", "reason": "x"}


def problems(stack: str = "aws-us-east-1", taken: dict[str, IPv4Network] | None = None, **changes: Any) -> list[str]:
    raw = {key: value for key, value in {**GOOD, **changes}.items() if value is not None}
    with pytest.raises(SettingsError) as caught:
        Settings.parse(raw, Surroundings(stack, taken or {}))
    return caught.value.problems


def test_good_settings_take_range_and_zones_from_the_catalogue() -> None:
    settings = Settings.parse(GOOD, Surroundings("aws-us-east-1"))
    assert settings.cidr == regions("aws")["us-east-1"].cidr
    assert settings.zones == regions("aws")["us-east-1"].zones[:3]
    assert settings.location("aws-us-east-1").tags["data-class"] == "confidential"


@pytest.mark.parametrize(
    ("changes", "setting", "says"),
    [
        ({"cloud": "asw"}, "cloud", "did you mean aws?"),
        ({"region": "us-esat-1"}, "region", "us-east-1"),
        ({"region": "eu-west-1"}, "region", "does not fit the stack's name"),
        ({"plan": "entreprise"}, "plan", "did you mean enterprise?"),
        ({"plan": None}, "plan", "is not set"),
        ({"regoin": "us-east-1"}, "regoin", "did you mean region?"),
        ({"hue": "red"}, "hue", "there are cloud, region, plan"),
        ({"account": "1111"}, "account", "12 digits"),
        ({"account": None}, "account", "accounts.<cloud> in team.yaml"),
        ({"owner": "Platform Team"}, "owner", "lower-case"),
        ({"cidr": "10.16.0.0/33"}, "cidr", "like 10.16.0.0/16"),
        ({"cidr": "10.16.1.0/16"}, "cidr", "no host bits"),
        ({"cidr": "10.16.0.0/20"}, "cidr", "wants a /16"),
        ({"cidr": "11.0.0.0/16"}, "cidr", "10.0.0.0/8"),
        ({"zones": ["use1-az1", "use1-az2"]}, "zones", "too few"),
        ({"zones": ["use1-az1", "use1-az2", "usw2-az1"]}, "zones", "usw2-az1 is not in us-east-1"),
        ({"zones": ["use1-az1", "use1-az1", "use1-az2"]}, "zones", "twice"),
        ({"zones": ["use1-az1", "use1-az2", "use1-az3"]}, "zones", "use1-az3 is not in"),
        ({"cache": {"size": "mediun"}}, "cache.size", "did you mean medium?"),
        ({"postgres": {"storageGib": 3}}, "postgres", "32 to 16384"),
        ({"postgres": {"storage": 3}}, "postgres.storage", "did you mean storageGib?"),
        ({"kubernetes": {"verson": "1.33"}}, "kubernetes.verson", "did you mean version?"),
        ({"kubernetes": {"window": {"day": "sonday"}}}, "kubernetes.window", "wants one of monday"),
        ({"kubernetes": {"pools": {"worloads": {}}}}, "kubernetes.pools.worloads", "did you mean workloads?"),
        ({"kubernetes": {"pools": {"workloads": {"most": 0}}}}, "kubernetes.pools.workloads", "3 to 0 nodes"),
        ({"kubernetes": {"reach": ["8.8.8.0/24"]}}, "kubernetes", "not a private range"),
        ({"kubernetes": {"reach": ["10.16.4.0/24"]}}, "kubernetes", "reaches the API already"),
        (
            {"kubernetes": {"breakGlass": {"expires": "2020-01-01T00:00Z", "reason": "x"}}},
            "kubernetes.breakGlass.principal",
            "is not set",
        ),
        ({"kubernetes": {"breakGlass": BROKEN}}, "kubernetes", "expired at 2020-01-01"),
        ({"operators": ["arn:aws:iam::111122223333:user/somebody"]}, "operators", "an IAM role"),
        ({"receivers": ["operators"]}, "receivers.0", "e-mail"),
        ({"egress": {"domains": ["https://api.example.com"]}}, "egress", "is a URL"),
        ({"egress": {"domains": ["*.com", "192.0.2.1"]}}, "egress", "'192.0.2.1' is an address"),
        ({"ingest": {"consumers": ["4444"]}}, "ingest", "'4444': wants an AWS account id"),
        ({"ingest": {"consumers": ["444455556666", "444455556666"]}}, "ingest", "is listed twice"),
        ({"ingest": {"consumer": ["444455556666"]}}, "ingest.consumer", "did you mean consumers?"),
        ({"egress": {"domain": ["a.example"]}}, "egress.domain", "did you mean domains?"),
        ({"boundary": "arn:aws:iam::111122223333:role/limit"}, "boundary", "the ARN of an IAM policy"),
    ],
)
def test_a_wrong_setting_is_one_error_that_names_it_and_says_what_would_do(
    changes: dict[str, Any], setting: str, says: str
) -> None:
    [problem] = problems(**changes)
    assert problem.startswith(f"{setting}: ")
    assert says in problem


def test_all_errors_are_said_at_once() -> None:
    found = problems(plan="x", account="1", cidr="10.0.0.0/99", zones=["use1-az1"], owner="A B", regoin="x")
    assert [problem.partition(":")[0] for problem in found] == ["plan", "account", "zones", "cidr", "owner", "regoin"]


def test_a_range_that_overlaps_a_neighbours_is_refused_and_one_beside_it_is_not() -> None:
    [problem] = problems(taken={"the office": IPv4Network("10.16.128.0/17")})
    assert "overlaps 10.16.128.0/17, which is the office's" in problem
    Settings.parse(GOOD, Surroundings("aws-us-east-1", {"the office": IPv4Network("10.17.0.0/16")}))


@pytest.mark.parametrize(
    ("cloud", "region", "says"),
    [
        ("aws", "us-west-1", "zones: got (): too few"),
        ("aws", "me-south-1", "disrupted"),
        ("azure", "westus", "zones: got (): too few"),
        ("azure", "denmarkeast", "coming-soon"),
    ],
)
def test_a_region_that_cannot_carry_a_data_plane_is_refused_with_the_reason(cloud: str, region: str, says: str) -> None:
    account = {"aws": "111122223333", "azure": "00000000-0000-4000-8000-00000000d3e0"}[cloud]
    [problem] = problems(f"{cloud}-{region}", cloud=cloud, region=region, account=account)
    assert says in problem


def test_a_stack_may_carry_a_word_after_its_region() -> None:
    Settings.parse(GOOD, Surroundings("aws-us-east-1-blue"))


@given(
    st.dictionaries(
        st.sampled_from([*GOOD, "zones", "cidr", "x"]), st.none() | st.integers() | st.text() | st.lists(st.text())
    )
)
def test_whatever_is_set_the_answer_is_settings_or_a_settings_error(changes: dict[str, Any]) -> None:
    wrong: set[str] = set()
    try:
        Settings.parse({**GOOD, **changes}, Surroundings("aws-us-east-1"))
    except SettingsError as error:
        wrong = {problem.partition(":")[0] for problem in error.problems}
    assert wrong <= set(changes)
    assert wrong or changes.get("region", "us-east-1") == "us-east-1"
