from collections import Counter

from fleet import comment
from fleet.outcome import Outcome, Step, Violation


def outcome(stack: str, **given: object) -> Outcome:
    return Outcome(stack, **{"status": "previewed", "packs": {"rampart": "v1"}, **given})  # type: ignore[arg-type]


URN = "urn:pulumi:s::rampart::rampart:dataplane:DataPlane$aws:ec2/vpc:Vpc::network-vpc"


def test_the_comment_can_be_found_again_and_counts_the_regions() -> None:
    text = comment.render([outcome("a", changes=Counter(create=2)), outcome("b", status="unchanged")], "1a2b3c")
    assert text.startswith(comment.MARK)
    assert "Preview of 2 regions at 1a2b3c" in text
    assert "2 of 2 pass, 1 would change" in text
    assert "| a | 2 |  |  |  | pass | previewed |" in text


def test_replacements_are_bold_once_with_the_number_of_regions() -> None:
    step = Step("replace", URN, ("cidrBlock",))
    text = comment.render([outcome(stack, changes=Counter(replace=1), steps=[step]) for stack in ("a", "b")])
    assert text.count("**network-vpc** (cidrBlock) in 2 regions") == 1
    assert "| **1** |" in text


def test_what_the_policy_pack_refused_is_said_with_its_message() -> None:
    violation = Violation("key-rotation", "mandatory", URN, "rotates never\nwants 90 days")
    advice = Violation("tags", "advisory", URN, "no tags")
    text = comment.render([outcome("a", status="refused", violations=[violation, advice])])
    assert "- `key-rotation` on **network-vpc** in a" in text
    assert "  > wants 90 days" in text
    assert "no tags" not in text


def test_an_error_cannot_break_out_of_its_block() -> None:
    text = comment.render([outcome("a", status="failed", errors=["```\n# not a heading"])])
    assert text.count("```") == 2


def test_a_long_comment_is_cut_to_what_github_takes() -> None:
    text = comment.render([outcome("a", status="failed", errors=["x" * 100_000])])
    assert len(text) <= comment.LONGEST
    assert "Cut here for length" in text


def test_no_region_affected_is_said() -> None:
    assert "No region is affected" in comment.render([])
