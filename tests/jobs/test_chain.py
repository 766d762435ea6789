"""What makes an evaluation another one, and what does not."""

import copy
from typing import Any

import pytest

from muster.facts.field_table import FIELDS
from muster.jobs.chain import ID_LENGTH, content_digest, evaluation_id
from muster.values.errors import BadInput


def record() -> dict[str, Any]:
    return {
        "settled": True,
        "image": {"product": "ubuntu", "ageInDays": 10, "deprecation": {"state": "Active"}},
        "lifecycle": {"phase": "supported", "endOfSupportDate": "2029-05-31", "daysToEndOfSupport": 900},
        "results": [
            {
                "id": name,
                "state": "NonCompliant",
                "underneath": None,
                "effect": "audit",
                "severity": "high",
                "exemption": None,
                "message": "ends in 900 days",
            }
            for name in ("a", "b")
        ],
        "evaluated": {"resource": {"id": "/X", "name": "x"}, "related": []},
    }


def changed(path: str, value: Any) -> dict[str, Any]:
    copied = copy.deepcopy(record())
    *parents, last = path.split(".")
    holder: Any = copied
    for name in parents:
        holder = holder[int(name)] if isinstance(holder, list) else holder[name]
    holder[last] = value
    return copied


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("lifecycle.phase", "ended"),
        ("lifecycle.daysToEndOfSupport", 1),
        ("lifecycle.asOf", "2027-01-01"),
        ("lifecycle.catalogueDate", "2027-01-01"),
        ("lifecycle.catalogueAgeInDays", 5),
        ("image.ageInDays", 500),
        ("results.0.message", "ends in 899 days"),
        ("results.0.reasons", []),
        ("evaluated.related", [{}]),
        ("evaluated.resource.etag", "2"),
        ("evaluated.resource.id", "/x"),
        ("warnings", ["new"]),
    ],
)
def test_the_clock_and_words_are_no_change(path: str, value: Any) -> None:
    assert content_digest(changed(path, value)) == content_digest(record())


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("settled", False),
        ("lifecycle.endOfSupportDate", "2030-01-01"),
        ("image.product", "debian"),
        ("image.deprecation.state", "Deprecated"),
        ("image.new", None),
        ("results.0.state", "Compliant"),
        ("results.0.underneath", "NonCompliant"),
        ("results.0.severity", "low"),
        ("results.0.effect", "deny"),
        ("results.0.exemption", "e"),
        ("results.0.id", "c"),
        ("results", []),
        ("evaluated.resource.name", "y"),
    ],
)
def test_everything_else_is(path: str, value: Any) -> None:
    assert content_digest(changed(path, value)) != content_digest(record())


def test_the_order_of_results_and_members_does_not_matter() -> None:
    turned = {name: record()[name] for name in reversed(record())}
    turned["results"].reverse()
    assert content_digest(turned) == content_digest(record())


def test_every_field_that_follows_from_the_clock_is_left_out() -> None:
    names = {field.name.rpartition("/")[2] for field in FIELDS if field.from_clock}
    assert {"phase", "daysToEndOfSupport", "ageInDays"} <= names
    for name in names:
        section = "image" if f"Muster.Image/{name}" in {field.name for field in FIELDS} else "lifecycle"
        assert content_digest(changed(f"{section}.{name}", "another")) == content_digest(record())


def test_an_id_depends_on_predecessor_and_content() -> None:
    ids = {evaluation_id(*pair) for pair in (("", "a"), ("", "b"), ("a", "a"), ("a", ""), ("b", "a"))}
    assert len(ids) == 5
    assert {len(identifier) for identifier in ids} == {ID_LENGTH}


@pytest.mark.parametrize("value", [{}, {**record(), "results": 7}, {**record(), "evaluated": {}}])
def test_what_is_no_record_is_bad_input(value: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        content_digest(value)
