"""Rules in a few words, for the tests of this room."""

from collections.abc import Mapping
from typing import Any

from muster.facts.alias_file import RawPaths
from muster.language.aliases import AliasTable
from muster.language.compile import CompiledRule, Compiler
from muster.language.frame import Frame
from muster.language.outcome import RuleOutcome, Truth
from muster.language.parse import parse_rule
from muster.values.document import Document
from muster.values.json import Json


def compiled(
    condition: Any,
    effect: str = "audit",
    details: Any = None,
    *,
    parameters: Mapping[str, Json] | None = None,
    policy: dict[str, Json] | None = None,
    aliases: AliasTable | None = None,
) -> tuple[CompiledRule, Compiler]:
    """A rule of one condition, compiled; fields are paths where no aliases are given. Parameters by any name."""
    then: dict[str, Json] = {"effect": effect} if details is None else {"effect": effect, "details": details}
    rule, faults = parse_rule({"if": condition, "then": then}, "rule.json", "")
    assert rule is not None, faults
    compiler = Compiler(aliases or RawPaths())
    values = {name.lower(): value for name, value in (parameters or {}).items()}
    return compiler.compile_rule(rule, values, policy), compiler


def outcome(condition: Any, document: Document | Mapping[str, Json], **options: Any) -> RuleOutcome:
    """What a rule of one condition says of a document, or of a resource of which everything is known."""
    rule, compiler = compiled(condition, **options)
    return rule.evaluate(compiler.frame(as_document(document)))


def ask(condition: Any, document: Document | Mapping[str, Json], **options: Any) -> Truth | str:
    """Whether a condition holds, or why the rule failed."""
    said = outcome(condition, document, **options)
    return said.error or said.matched


def value_of(expression: str, document: Document | Mapping[str, Json], **options: Any) -> Any:
    """What an expression gives, the exception that it raises otherwise."""
    rule, compiler = compiled({"value": expression, "equals": ""}, **options)
    read = rule.condition.read
    assert read is not None
    return read(compiler.frame(as_document(document)))


def as_document(document: Document | Mapping[str, Json]) -> Document:
    """A resource as a document of which everything is known."""
    return document if isinstance(document, Document) else Document(resource=dict(document))


def frame_of(rule_and_compiler: tuple[CompiledRule, Compiler], document: Document | Mapping[str, Json]) -> Frame:
    """A document as a compiled rule reads it."""
    return rule_and_compiler[1].frame(as_document(document))
