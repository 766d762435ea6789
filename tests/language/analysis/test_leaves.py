"""Where the comparisons of a rule stand, and for which types they matter."""

from hypothesis import given

from muster.language.analysis.leaves import leaves
from muster.language.analysis.possible import Possible
from tests.language.analysis.conditions import Condition, outcomes, parsed, replaced, trees

TYPES = ("a", "b", "c")


@given(trees(("type", "name")))
def test_for_other_types_a_comparison_does_not_matter(condition: Condition) -> None:
    known = outcomes(condition, type=TYPES)
    for leaf in leaves(parsed(condition), Possible()):
        if leaf.types is None:
            continue
        pointer = leaf.comparison.pointer
        constants: tuple[Condition, ...] = ({"allOf": []}, {"anyOf": []})
        for constant in constants:
            changed = outcomes(replaced(condition, pointer, constant), type=TYPES)
            for (resource, before), (_, after) in zip(known, changed, strict=True):
                assert before == after or resource["type"] in leaf.types, (leaf, resource)


def test_all_comparisons_are_found_with_their_place() -> None:
    rule = parsed(
        {
            "not": {
                "anyOf": [
                    {"field": "name", "notEquals": "a"},
                    {
                        "count": {
                            "field": "a.b/c/d[*]",
                            "where": {"not": {"field": "a.b/c/d[*].e[*]", "exists": True}},
                        },
                        "less": 1,
                    },
                ]
            }
        }
    )
    name, count, member = leaves(rule, Possible())
    assert (name.field, name.place.negated, name.positive, name.looks_for) == ("name", True, "equals", True)
    assert (count.field, count.place.counts, [use.by for use in count.fields()]) == ("", (), ["count"])
    assert (member.loose_stars, len(member.place.counts), member.place.negated) == (1, 1, True)
    assert [use.text for use in member.fields()] == ["a.b/c/d[*].e[*]"]


def test_fields_are_found_in_expressions_with_their_columns() -> None:
    rule = parsed({"value": "[concat(field('name'), current('a.b/c/d[*].e'))]", "in": ["x", "[field('kind')]"]})
    (leaf,) = leaves(rule, Possible())
    assert [(use.text, use.by, use.pointer, use.column) for use in leaf.fields()] == [
        ("kind", "field()", "/if/in/1", 7),
        ("name", "field()", "/if/value", 14),
        ("a.b/c/d[*].e", "current()", "/if/value", 31),
    ]
