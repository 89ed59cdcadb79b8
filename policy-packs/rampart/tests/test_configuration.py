"""The pack's own configuration: what it takes, and how it refuses the rest."""

import json
from pathlib import Path
from typing import Any

import pytest
from pulumi.runtime.proto import analyzer_pb2 as pb

from rampart_policy.configuration import ConfigurationError
from rampart_policy.testing import UNKNOWN, analyzer, judge, resource

SHIPPED = Path(__file__).parents[2] / "rampart.config.json"

WAIVER = {
    "control": "no-open-ingress",
    "resource": "urn:pulumi:test::tests::aws:ec2/securityGroup:SecurityGroup::subject",
    "owner": "platform",
    "reason": "until the tunnel is there",
    "expires": "2030-06-30",
}
OPEN = resource("aws:ec2/securityGroup:SecurityGroup", {"ingress": [{"cidrBlocks": ["0.0.0.0/0"]}]})
ADVISED = {"rampart": {"omissions": "advisory"}}
UNREVIEWED = resource("aws:gamelift/fleet:Fleet")


def refusal(config: dict[str, Any]) -> str:
    with pytest.raises(ConfigurationError) as error:
        analyzer(config=config)
    return str(error.value)


@pytest.mark.parametrize(
    ("config", "complaint"),
    [
        ({"no-open-ingres": "advisory"}, 'no control "no-open-ingres"; did you mean no-open-ingress?'),
        ({"zzz": "advisory"}, 'no control "zzz"'),
        ({"rampart": {"plam": "managed"}}, '"rampart" has no option "plam"; did you mean plan?'),
        ({"rampart": {"plan": "free"}}, 'rampart.plan is "free"; it takes enterprise or managed'),
        ({"rampart": {"plans": {"dev": "free"}}}, 'rampart.plans["dev"] is "free"'),
        ({"rampart": {"protection": "none"}}, 'rampart.protection is "none"; it takes production or development'),
        ({"rampart": {"protections": {"dev": "no"}}}, 'rampart.protections["dev"] is "no"'),
        ({"rampart": {"protections": {"*/dev": "development"}}}, "* stands in the name of the stack only"),
        ({"rampart": {"omissions": "no"}}, 'rampart.omissions is "no"; it takes advisory or mandatory or disabled'),
        ({"no-open-ingress": {"enforcementLevel": "advisory", "days": 3}}, 'takes a level only, not "days"'),
        ({"all": {"enforcementLevel": "advisory", "plan": "managed"}}, '"all" takes a level only'),
        ({"rampart": {"registries": [7]}}, "rampart.registries[0] must be a text"),
        ({"rampart": {"consumers": "111122223333"}}, "rampart.consumers must be a list of texts"),
        ({"rampart": {"exceptions": ["x"]}}, "rampart.exceptions[0] must be an object with control, resource, owner"),
        ({"rampart": {"exceptions": [{**WAIVER, "control": "no-open-egres"}]}}, "did you mean no-open-egress?"),
        ({"rampart": {"exceptions": [{**WAIVER, "resource": "web"}]}}, '"web" is not a resource\'s URN'),
        (
            {"rampart": {"exceptions": [{**WAIVER, "resource": "urn:pulumi:*::tests::aws:ec2/*::subject"}]}},
            "* stands in the name of the stack only",
        ),
        ({"rampart": {"exceptions": [{**WAIVER, "expires": "30/06/2030"}]}}, '"30/06/2030" is not a date; write YYYY-'),
        ({"rampart": {"exceptions": [{**WAIVER, "expires": "20300630"}]}}, "is not a date"),
        ({"rampart": {"exceptions": [{**WAIVER, "owner": " "}]}}, "needs a text for owner"),
        ({"rampart": {"exceptions": [{**WAIVER, "until": "x"}]}}, 'has no field "until"'),
        ({"rampart": {"exceptions": [{**WAIVER, "control": "no-public-principal"}]}}, "takes no exceptions"),
    ],
)
def test_a_wrong_configuration_is_refused_with_what_would_do(config: dict[str, Any], complaint: str) -> None:
    assert complaint in refusal(config)


def test_all_that_is_wrong_is_said_at_once() -> None:
    text = refusal({"no-open-ingres": "advisory", "rampart": {"plan": "free", "exceptions": [{}]}})
    assert text.count("\n- ") == 3


def test_without_configuration_the_plan_is_enterprise_and_unreviewed_types_are_advisory() -> None:
    report = judge(resource("gcp:storage/bucket:Bucket", {"encryption": None}), UNREVIEWED)
    assert "store-uses-customer-key" in report.failed
    assert {v.level for v in report.violations if v.control == "unreviewed-type"} == {"advisory"}


def test_the_configuration_that_rampart_ships_refuses_unreviewed_types_and_default_providers() -> None:
    config = json.loads(SHIPPED.read_text())
    default = resource("pulumi:providers:aws", {}, name="default_7_51_1")
    report = judge(UNREVIEWED, default, config=config)
    levels = {violation.control: violation.level for violation in report.violations}
    assert levels == {"unreviewed-type": "mandatory", "no-default-provider": "mandatory"}


def test_a_level_is_set_per_control() -> None:
    assert judge(OPEN).violations[0].level == "mandatory"
    assert judge(OPEN, config={"no-open-ingress": "advisory"}).violations[0].level == "advisory"
    assert judge(OPEN, config={"no-open-ingress": "disabled"}).violations == []


def test_notes_on_what_is_undetermined_can_be_turned_off_or_made_to_block() -> None:
    unknown = resource("aws:ec2/securityGroup:SecurityGroup", {"ingress": UNKNOWN})
    assert "no-open-ingress" in judge(unknown).notes
    silenced = judge(unknown, config={"undetermined": "disabled"})
    assert silenced.notes == ""
    assert silenced.undetermined == {"no-open-ingress"}


def test_the_plan_of_one_stack_does_not_touch_the_others() -> None:
    bucket = resource("gcp:storage/bucket:Bucket")
    for plans, failed in (
        ({"test": "managed"}, False),
        ({"other": "managed"}, True),
        ({"tests/test": "managed"}, False),
        ({"te*": "managed"}, False),
        ({"tests/*": "managed"}, False),
        ({"other/*": "managed"}, True),
        ({"te": "managed"}, True),
        ({"te.t*": "managed"}, True),
        ({"*": "managed", "t*": "enterprise"}, True),
        ({"*": "enterprise", "test": "managed"}, False),
    ):
        report = judge(bucket, config={"rampart": {"plans": plans}})
        assert ("store-uses-customer-key" in report.failed) is failed


def test_the_stacks_own_settings_are_not_asked() -> None:
    made = analyzer()
    made.ConfigureStack(pb.AnalyzerStackConfigureRequest(config={"rampart:plan": "managed"}, dry_run=True), None)
    found = made.Analyze(pb.AnalyzeRequest(type="gcp:storage/bucket:Bucket", urn="urn:pulumi:a::b::c::d"), None)
    assert "store-uses-customer-key" in {diagnostic.policyName for diagnostic in found.diagnostics}


def test_stores_are_protected_unless_the_packs_configuration_says_that_this_stack_may_go() -> None:
    bucket = resource("gcp:storage/bucket:Bucket")
    for options, failed in (
        ({}, True),
        ({"protections": {"other": "development"}}, True),
        ({"protections": {"test": "development"}}, False),
        ({"protection": "development"}, False),
        ({"protection": "development", "protections": {"tests/test": "production"}}, True),
    ):
        config = {"rampart": options, "store-is-protected": "mandatory"}
        assert ("store-is-protected" in judge(bucket, config=config).failed) is failed


def test_what_is_left_out_has_a_level_of_its_own_and_what_is_said_wrongly_has_the_controls() -> None:
    def level(config: dict[str, Any], **said: Any) -> set[str]:
        found = judge(resource("aws:rds/instance:Instance", {"engine": "oracle-ee", **said}), config=config)
        return {violation.level for violation in found.violations if violation.control == "deletion-protection-is-on"}

    assert level({}) == {"advisory"}
    assert level({}, deletionProtection=False) == {"mandatory"}
    assert level({"rampart": {"omissions": "mandatory"}}) == {"mandatory"}
    assert level({"rampart": {"omissions": "disabled"}}) == set()
    assert level({"rampart": {"omissions": "disabled"}}, deletionProtection=False) == {"mandatory"}
    assert level({"rampart": {"omissions": "advisory"}}) == {"advisory"}
    mild = {"rampart": {"omissions": "mandatory"}, "deletion-protection-is-on": "advisory"}
    assert level(mild) == {"advisory"}


def test_what_breaks_a_promise_is_no_omission() -> None:
    """A missing key, and an address that a policy leaves open, are violations however they come about."""
    report = judge(resource("gcp:storage/bucket:Bucket"), config={"rampart": {"omissions": "disabled"}})
    assert "store-uses-customer-key" in report.failed
    assert "store-keeps-versions" not in report.failed
    whole = json.dumps({"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}})
    for policy, omissions, level in ((None, {}, None), (None, ADVISED, "advisory"), (whole, {}, "mandatory")):
        endpoint = resource("aws:ec2/vpcEndpoint:VpcEndpoint", {"policy": policy})
        levels = {v.control: v.level for v in judge(endpoint, config=omissions).violations}
        assert levels.get("endpoint-policy-is-narrow") == level


def test_without_configuration_pulumis_own_protection_is_not_asked_for() -> None:
    assert "store-is-protected" not in judge(resource("gcp:storage/bucket:Bucket")).failed


def test_the_configuration_that_rampart_ships_lets_no_stack_go() -> None:
    shipped = json.loads(SHIPPED.read_text())["rampart"]
    assert (shipped["protection"], shipped["protections"]) == ("production", {})


def test_the_configuration_that_rampart_ships_asks_for_all_that_hardened_code_may_leave_out() -> None:
    config = json.loads(SHIPPED.read_text())
    assert config["rampart"]["omissions"] == config["store-is-protected"] == "mandatory"


def test_the_accounts_of_consumers_are_let_in_by_their_whole_id() -> None:
    statement = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::222233334444:root"}, "Action": "s3:GetObject"}
    shared = resource("aws:s3/bucketPolicy:BucketPolicy", {"policy": json.dumps({"Statement": [statement]})})
    for consumers, failed in (([], True), (["222233334444"], False), (["2222"], True)):
        report = judge(shared, config={"rampart": {"consumers": consumers}})
        assert ("no-foreign-principal" in report.failed) is failed
