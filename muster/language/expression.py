"""Template expressions: text between `[` and `]` to a syntax tree that knows its columns.

Grammar, after learn.microsoft.com/azure/azure-resource-manager/templates/template-expressions:
an expression is a string, an integer, or a call, followed by any number of `.name` and `[expression]`.
Names ignore case; a quote inside a string is doubled.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from muster.language.limits import EXPRESSION_CHARACTERS, EXPRESSION_DEPTH, FUNCTION_ARGUMENTS


@dataclass(frozen=True, slots=True)
class Text:
    """A string in single quotes, already unescaped. Columns count characters of the whole JSON string from 0."""

    value: str
    column: int


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written: int, or float where it has a fraction or an exponent."""

    value: int | float
    column: int


@dataclass(frozen=True, slots=True)
class Call:
    """A function call. `name` as written, `key` lower-cased; a user function keeps its namespace in both."""

    name: str
    key: str
    arguments: "tuple[Expression, ...]"
    column: int


@dataclass(frozen=True, slots=True)
class Member:
    """`of.name`."""

    of: "Expression"
    name: str
    column: int


@dataclass(frozen=True, slots=True)
class Index:
    """`of[index]`."""

    of: "Expression"
    index: "Expression"
    column: int


Expression: TypeAlias = Text | Number | Call | Member | Index


class ExpressionFault(ValueError):
    """An expression that can't be parsed. `column` counts characters of the whole JSON string from 0."""

    def __init__(self, message: str, column: int, hint: str = "") -> None:
        super().__init__(message)
        self.column = column
        self.hint = hint


def is_expression(text: str) -> bool:
    """Whether a string is an expression: it starts with one `[` (two are an escape) and ends with `]`."""
    return text.startswith("[") and text.endswith("]") and not text.startswith("[[")


def unescape(text: str) -> str:
    """A string that is no expression, as its value: `[[x]` stands for `[x]`."""
    return text[1:] if text.startswith("[[") and text.endswith("]") else text


def parse_expression(text: str) -> Expression:
    """Parse a string for which is_expression holds. Raises ExpressionFault."""
    if len(text) > EXPRESSION_CHARACTERS:
        raise ExpressionFault(
            f"An expression of {len(text):,} characters; Azure allows {EXPRESSION_CHARACTERS:,}.", 0, "Split the rule."
        )
    return _Parser(text).whole()


def calls(expression: Expression) -> Iterator[Call]:
    """Every call in an expression, outermost first."""
    pending = [expression]
    while pending:
        node = pending.pop()
        if isinstance(node, Call):
            yield node
            pending.extend(reversed(node.arguments))
        elif isinstance(node, Member):
            pending.append(node.of)
        elif isinstance(node, Index):
            pending += (node.index, node.of)


_TOKEN = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<string>'(?:[^']++|'')*+')"
    r"|(?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)"
    r"|(?P<name>[A-Za-z_]\w*+)"
    r"|(?P<mark>[()\[\],.])",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    column: int


def _tokens(text: str) -> list[_Token]:
    found = []
    at, end = 1, len(text) - 1
    while at < end:
        match = _TOKEN.match(text, at, end)
        if match is None:
            raise _unexpected(text, at)
        if match.lastgroup != "space":
            found.append(_Token(str(match.lastgroup), match.group(), at))
        at = match.end()
    found.append(_Token("end", "]", end))
    return found


def _unexpected(text: str, at: int) -> ExpressionFault:
    character = text[at]
    if character == "'":
        return ExpressionFault("A string in this expression has no closing quote.", at, "Close it with '.")
    if character == '"':
        return ExpressionFault("Strings in expressions stand in single quotes.", at, "Write '...'.")
    return ExpressionFault(f"Unexpected character {character!r} in an expression.", at)


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._at = 0
        self._depth = 0

    def whole(self) -> Expression:
        if self._peek.kind == "end":
            raise ExpressionFault("An empty expression.", 0, "Write [[] for a literal pair of brackets.")
        expression = self._postfix()
        if self._peek.kind != "end":
            token = self._peek
            raise ExpressionFault(f"Unexpected {token.text[:60]!r} after the end of the expression.", token.column)
        return expression

    @property
    def _peek(self) -> _Token:
        return self._tokens[self._at]

    def _take(self) -> _Token:
        token = self._tokens[self._at]
        self._at += 1
        return token

    def _is(self, mark: str) -> bool:
        return self._peek.kind == "mark" and self._peek.text == mark

    def _open(self) -> None:
        column = self._take().column
        self._depth += 1
        if self._depth > EXPRESSION_DEPTH:
            raise ExpressionFault(
                f"An expression nested deeper than {EXPRESSION_DEPTH} levels.", column, "Split it up."
            )

    def _close(self, mark: str, after: str) -> None:
        if not self._is(mark):
            token = self._peek
            what = "the end of the expression" if token.kind == "end" else repr(token.text[:60])
            raise ExpressionFault(f"'{mark}' expected {after}, not {what}.", token.column, f"Write '{mark}' here.")
        self._take()
        self._depth -= 1

    def _postfix(self) -> Expression:
        node = self._primary()
        for _ in range(EXPRESSION_DEPTH + 1):
            column = self._peek.column
            if self._is("."):
                self._take()
                node = Member(node, self._name("A property's name expected after '.'."), column)
            elif self._is("["):
                self._open()
                index = self._postfix()
                self._close("]", "after an index")
                node = Index(node, index, column)
            else:
                return node
        raise ExpressionFault(f"More than {EXPRESSION_DEPTH} steps in a row into a value.", column, "Split it up.")

    def _name(self, otherwise: str) -> str:
        if self._peek.kind != "name":
            raise ExpressionFault(otherwise, self._peek.column)
        return self._take().text

    def _primary(self) -> Expression:
        token = self._peek
        if token.kind == "string":
            self._take()
            return Text(token.text[1:-1].replace("''", "'"), token.column)
        if token.kind == "number":
            self._take()
            return Number(_number(token), token.column)
        if token.kind == "name":
            return self._call()
        if token.kind == "end":
            raise ExpressionFault("The expression ends where a value is expected.", token.column)
        raise ExpressionFault(f"Unexpected {token.text[:60]!r} where a value is expected.", token.column)

    def _call(self) -> Call:
        column = self._peek.column
        parts = [self._take().text]
        while self._is("."):
            self._take()
            parts.append(self._name("The rest of a function's name expected after '.'."))
        name = ".".join(parts)
        if not self._is("("):
            hint = "Write true() or false()." if name.lower() in ("true", "false") else ""
            hint = hint or ("Write null()." if name.lower() == "null" else f"Write '{name[:60]}' or {name[:60]}().")
            raise ExpressionFault(f"'{name[:60]}' is neither a string in quotes nor a function call.", column, hint)
        self._open()
        arguments: list[Expression] = []
        if not self._is(")"):
            arguments.append(self._postfix())
            while self._is(","):
                self._take()
                arguments.append(self._postfix())
        self._close(")", f"at the end of {name[:60]}(...)")
        if len(arguments) > FUNCTION_ARGUMENTS:
            raise ExpressionFault(
                f"{name[:60]} has {len(arguments)} arguments; Azure allows {FUNCTION_ARGUMENTS}.",
                column,
                "Nest the calls.",
            )
        return Call(name, name.lower(), tuple(arguments), column)


def _number(token: _Token) -> int | float:
    if token.text.lstrip("-").isdigit():
        number = int(token.text) if len(token.text) <= len("-9223372036854775808") else 2**63
        if not -(2**63) <= number < 2**63:
            raise ExpressionFault("An integer beyond 64 bits.", token.column)
        return number
    fraction = float(token.text)
    if math.isinf(fraction):
        raise ExpressionFault("A number beyond what a float of 64 bits can hold.", token.column)
    return fraction
