"""Definitions in which a mark stands where a lint rule must point; without one it must be silent."""

from muster.facts.aliases import AzureAliases
from muster.facts.vocabulary import VOCABULARY
from muster.language.definition import parse_definition
from muster.language.lint import lint
from muster.language.lint.rule import Target
from muster.language.source import Source, read_json
from muster.values.diagnostic import Diagnostic

MARK = "▸"


def check(rule_id: str, marked: str, target: Target = Target.MUSTER) -> list[str]:
    """What a rule tells to do. Asserted is that it points to the marks of a definition, in their order, and nowhere
    else; and that each message says what is there, what follows and what to do in 150 to 300 characters."""
    expected = []
    text = ""
    for part in marked.split(MARK)[:-1]:
        text += part
        expected.append((text.count("\n") + 1, len(text) - text.rfind("\n")))
    source = Source("d.json", marked.replace(MARK, ""))
    found = [one for one in linted(source, target) if one.rule == rule_id]
    assert sorted(source.place(one) for one in found) == expected
    for one in found:
        assert 150 <= len(f"{one.message} {one.hint}") <= 300, f"{one.message} {one.hint}"
        assert one.message.endswith(".")
        assert one.hint.endswith((".", "?"))
    return [one.hint for one in found]


def linted(source: Source, target: Target = Target.MUSTER) -> list[Diagnostic]:
    """What lint says of a definition that can be used."""
    value, faults = read_json(source)
    definition, more = parse_definition(source, value)
    assert definition is not None, [*faults, *more]
    return list(lint(definition, AzureAliases(), VOCABULARY, target))


def rule(condition: str, then: str = '{"effect": "audit"}') -> str:
    """A bare rule."""
    return f'{{"if": {condition},\n"then": {then}}}'


def definition(
    condition: str = '{"field": "name", "equals": "a"}',
    *,
    then: str = '{"effect": "audit"}',
    parameters: str = "{}",
    members: str = "",
) -> str:
    """A definition; `members` are more of its properties, each with a comma behind it."""
    around = f'{{"properties": {{{members}"parameters": {parameters},'
    return f'{around}\n"policyRule": {{"if": {condition}, "then": {then}}}}}}}'
