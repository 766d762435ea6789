"""One row of the table of template functions."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from muster.language.functions.arguments import excerpt
from muster.language.functions.bounds import check_length, check_size
from muster.values.errors import TemplateError
from muster.values.json import Json

_CONTAINERS = (list, dict)
_SIGNATURE = re.compile(r"([A-Za-z0-9]+)\(([^()]*)\)")


@dataclass(frozen=True, slots=True)
class TemplateFunction:
    """A strict, pure function: its value follows from its arguments' values.

    `name` as documented, `least` and `most` the number of arguments (None: any number), `parameters` the signature
    as people read it, `description` one sentence. `call` takes the arguments' values and may return parts of them,
    so neither is ever changed; it raises TemplateError with a sentence on anything that the function can't take.
    """

    name: str
    least: int
    most: int | None
    call: Callable[[Sequence[Json]], Json]
    parameters: str
    description: str


@dataclass(frozen=True, slots=True)
class ContextualFunction:
    """A function that the evaluator works out itself: it asks the resource, the assignment or the clock, or leaves
    arguments alone. The members are those of TemplateFunction."""

    name: str
    least: int
    most: int | None
    parameters: str
    description: str


def strict(signature: str, body: Callable[..., Json], description: str) -> TemplateFunction:
    """A row made of a signature, `name(first, second?, ...)`, and a body that takes the arguments one by one.

    A question mark makes a parameter optional, three dots at the end allow any number. The body's complaints are
    halves of sentences; the call that failed is put before them. Both sides are held to the bounds.
    """
    name, least, most = _arity(signature)

    def call(arguments: Sequence[Json]) -> Json:
        try:
            if len(arguments) < least or (most is not None and len(arguments) > most):
                raise TemplateError(f"it is called as {signature}")
            for argument in arguments:
                if isinstance(argument, _CONTAINERS):
                    check_size(argument, "an argument")
            result = body(*arguments)
            if isinstance(result, str):
                check_length(len(result))
            elif isinstance(result, _CONTAINERS):
                check_size(result, "the result")
        except TemplateError as error:
            raise TemplateError(f"{name}({excerpt(arguments)}) failed: {error}") from None
        return result

    return TemplateFunction(name, least, most, call, signature, description)


def contextual(signature: str, description: str) -> ContextualFunction:
    """A row without a body."""
    return ContextualFunction(*_arity(signature), signature, description)


def _arity(signature: str) -> tuple[str, int, int | None]:
    match = _SIGNATURE.fullmatch(signature)
    assert match, signature
    parameters = [part.strip() for part in match[2].split(",") if part.strip()]
    least = sum(not part.endswith(("?", "...")) for part in parameters)
    return match[1], least, None if parameters[-1:] == ["..."] else len(parameters)
