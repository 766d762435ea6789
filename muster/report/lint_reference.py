"""The index of the lint rules' pages, from the table of rules."""

from collections.abc import Iterable

from muster.language.lint.rule import LintRule, Target

HEAD = """\
# Lint rules

Written by `scripts/write-reference.py` from `muster/language/lint`; edits here are lost.

`muster lint` checks policy files: that they can be read, that a rule is well formed and can be evaluated, and what is
well formed but probably not meant. The last is what these rules are about. An *error* keeps a definition from doing
what it says, a *warning* is a mistake more often than not, a *note* is worth knowing.

| rule | level | what it finds |
|---|---|---|
"""


def lint_reference(rules: Iterable[LintRule]) -> str:
    """The page in Markdown, with a line end at its end."""
    return HEAD + "".join(map(_row, rules))


def _row(rule: LintRule) -> str:
    only = "" if rule.targets == frozenset(Target) else f" Only for `--target {next(iter(rule.targets))}`."
    return f"| [{rule.id}]({rule.id}.md) | {rule.level} | {rule.summary}{only} |\n"
