"""Generated rules, each with a naive reading of itself, and worlds to read them in.

A condition is drawn together with a plain Python function that says whether it holds: two-valued, over a world of
which everything is known. The function knows nothing of muster; where a rule fails, it raises Fails.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from muster.values.document import Document


class Fails(Exception):
    """The rule fails."""


@dataclass(frozen=True)
class World:
    """A resource, facts about its image, and its resource group: all that rules here can ask for."""

    body: dict[str, Any]
    image: dict[str, Any]
    group: dict[str, Any]
    hidden: frozenset[str] = field(default_factory=frozenset)

    def document(self) -> Document:
        """What is left of the world without what is hidden of it."""
        body, image = json.loads(json.dumps(self.body)), json.loads(json.dumps(self.image))
        for path in self.hidden:
            _remove(body, path.split("."))
        for name in ("sku", "age"):
            if f"image.{name}" in self.hidden:
                image[name] = None
        if "image.traits.fips" in self.hidden:
            del image["traits"]["fips"]
        return Document(
            resource=body,
            image={} if "image" in self.hidden else image,
            unavailable=frozenset(path for path in self.hidden if not path.startswith(("image", "group"))),
            resource_group=None if "group" in self.hidden else self.group,
        )


def _remove(owner: Any, steps: list[str]) -> None:
    step, *rest = steps
    name, star = step.removesuffix("[*]"), step.endswith("[*]")
    if not isinstance(owner, dict) or name not in owner:
        return
    if star and rest:
        for member in owner[name] if isinstance(owner[name], list) else []:
            _remove(member, rest)
    elif rest:
        _remove(owner[name], rest)
    else:
        del owner[name]


HIDEABLE = (
    *("properties", "properties.a", "properties.o", "properties.o.p", "properties.list", "properties.list[*]"),
    *("properties.list[*].x", "properties.list[*].in", "properties.flat", "tags", "tags.env", "location"),
    *("image", "image.sku", "image.age", "image.traits.fips", "group"),
)
"""What may be unknown. There are no conditions on the type, the kind and the name: these decide whether a rule applies
at all, before it can fail, and are never unknown, since whoever has a body has them."""

TEXTS = st.sampled_from(["", "a", "A", "ab", "b", "5", "true"])
SCALARS: st.SearchStrategy[Any] = TEXTS | st.integers(-1, 6) | st.booleans()
MEMBERS = st.fixed_dictionaries({}, optional={"x": SCALARS | st.none(), "in": st.lists(SCALARS, max_size=3)})
BODIES = st.fixed_dictionaries(
    {"type": st.just("t")},
    optional={
        "sku": TEXTS,
        "plan": TEXTS,
        "location": st.sampled_from(["a", "a b", "AB"]),
        "tags": st.fixed_dictionaries({}, optional={"env": TEXTS, "o": TEXTS}),
        "properties": st.fixed_dictionaries(
            {},
            optional={
                "a": SCALARS | st.none(),
                "o": SCALARS | st.fixed_dictionaries({}, optional={"p": SCALARS, "q": SCALARS}),
                "list": st.lists(MEMBERS, max_size=3) | SCALARS,
                "flat": st.lists(SCALARS, max_size=3),
            },
        ),
    },
)
WORLDS = st.builds(
    World,
    BODIES,
    st.fixed_dictionaries(
        {"publisher": st.just("p"), "traits": st.fixed_dictionaries({"fips": st.booleans()})},
        optional={"sku": TEXTS, "age": st.integers(-1, 6)},
    ),
    st.fixed_dictionaries({"location": TEXTS, "tags": st.fixed_dictionaries({}, optional={"env": TEXTS})}),
)
HIDDEN = st.frozensets(st.sampled_from(HIDEABLE), max_size=4)

Ask = Callable[[World, Any], Any]
"""What something is in a world, with a count at a member of properties.list (or at None)."""


@dataclass(frozen=True)
class Drawn:
    """A condition or expression as JSON, and what it naively is."""

    json: Any
    naive: Ask


def _at(value: Any, *names: str) -> Any:
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _list(world: World) -> list[Any]:
    found = _at(world.body, "properties", "list")
    return found if isinstance(found, list) else []


def _flat(world: World) -> list[Any]:
    found: list[Any] = _at(world.body, "properties", "flat") or []
    return found


def _inner(member: Any) -> list[Any]:
    found: list[Any] = _at(member, "in") or []
    return found


ONE: dict[str, Ask] = {
    "sku": lambda world, _: world.body.get("sku"),
    "plan": lambda world, _: world.body.get("plan"),
    "tags.env": lambda world, _: _at(world.body, "tags", "env"),
    "tags['o']": lambda world, _: _at(world.body, "tags", "o"),
    "tags": lambda world, _: world.body.get("tags"),
    "properties.a": lambda world, _: _at(world.body, "properties", "a"),
    "properties.o": lambda world, _: _at(world.body, "properties", "o"),
    "properties.o.p": lambda world, _: _at(world.body, "properties", "o", "p"),
    "properties.flat": lambda world, _: _at(world.body, "properties", "flat"),
    "properties.none": lambda _world, _: None,
    "Muster.Image/sku": lambda world, _: world.image.get("sku"),
    "Muster.Image/age": lambda world, _: world.image.get("age"),
    "Muster.Image/traits.fips": lambda world, _: world.image["traits"]["fips"],
}
MANY: dict[str, Ask] = {
    "properties.list[*].x": lambda world, _: [_at(member, "x") for member in _list(world)],
    "properties.list[*].in[*]": lambda world, _: [one for member in _list(world) for one in _inner(member)],
    "properties.flat[*]": lambda world, _: _flat(world),
}


def _text(value: Any) -> str | None:
    if isinstance(value, list | dict):
        return None
    return "" if value is None else str(value).lower()


def _equals(value: Any, operand: Any) -> bool:
    return _text(value) is not None and _text(value) == _text(operand)


def _contains(value: Any, operand: Any) -> bool:
    if isinstance(value, list):
        return any(_equals(member, operand) for member in value)
    if isinstance(value, dict):
        return any(_equals(name, operand) for name in value)
    return value is not None and str(_text(operand)) in str(_text(value))


def _like(value: Any, operand: Any) -> bool:
    pattern = ".*".join(re.escape(part) for part in str(_text(operand)).split("*"))
    return value is not None and _text(value) is not None and re.fullmatch(pattern, str(_text(value))) is not None


def _less(value: Any, operand: Any) -> bool:
    if value is None:
        return False
    if isinstance(value, bool) or isinstance(operand, bool) or type(value) is not type(operand):
        raise Fails
    if not isinstance(value, int | str):
        raise Fails
    return value < operand if isinstance(value, int) else str(value).lower() < str(operand).lower()


TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "equals": _equals,
    "contains": _contains,
    "like": _like,
    "in": lambda value, operand: value is not None and any(_equals(value, member) for member in operand),
    "containsKey": lambda value, operand: isinstance(value, dict) and any(_equals(name, operand) for name in value),
    "exists": lambda value, operand: (value is not None) is operand,
    "less": _less,
}
OPPOSITES = {
    "notEquals": "equals",
    "notContains": "contains",
    "notLike": "like",
    "notIn": "in",
    "notContainsKey": "containsKey",
}


def _operands(operator: str, *, safe: bool) -> st.SearchStrategy[Drawn]:
    if operator == "exists":
        return st.booleans().map(_literal)
    if operator == "in":
        return st.lists(SCALARS, max_size=3).map(_literal)
    if operator == "less":
        return (TEXTS | st.integers(-1, 6)).map(_literal)
    texts = st.sampled_from(["*", "a*", "*b", "a"]).map(_literal)
    return (
        texts if operator == "like" else SCALARS.map(_literal) if safe else SCALARS.map(_literal) | _computed_operand()
    )


def _literal(value: Any) -> Drawn:
    return Drawn(value, lambda _world, _member: value)


def _computed_operand() -> st.SearchStrategy[Drawn]:
    """An operand that is computed; null and what is no scalar make the rule fail, or are not drawn."""

    def operand(name: str) -> Drawn:
        def naive(world: World, member: Any) -> Any:
            found = ONE[name](world, member)
            return "" if found is None else found

        return Drawn(f"[field('{name}')]", naive)

    return st.sampled_from(["sku", "properties.a", "tags.env", "Muster.Image/sku"]).map(operand)


def _compared(
    subject: dict[str, Any], ask: Ask, operator: str, operand: Drawn, *, many: bool, null: Any = None
) -> Drawn:
    base = OPPOSITES.get(operator, operator)

    def one(value: Any, wanted: Any) -> bool:
        # A null value stands for the empty string, but for exists and the orderings.
        value = null if value is None and base not in ("exists", "less") else value
        return TESTS[base](value, wanted) is (operator == base)

    def naive(world: World, member: Any) -> bool:
        found = ask(world, member)
        return all(one(value, operand.naive(world, member)) for value in (found if many else [found]))

    return Drawn({**subject, operator: operand.json}, naive)


def expressions(*, safe: bool) -> st.SearchStrategy[Drawn]:
    """Expressions without a count around them. `safe`: none that can fail."""

    def of_field(name: str) -> Drawn:
        return Drawn(
            f"field('{name.replace(chr(39), chr(39) * 2)}')", lambda world, _: _or_empty(ONE[name](world, None))
        )

    def of_fields(name: str) -> Drawn:
        return Drawn(f"field('{name}')", lambda world, _: [one for one in MANY[name](world, None) if one is not None])

    def length(of: Drawn) -> Drawn:
        def naive(world: World, member: Any) -> int:
            value = of.naive(world, member)
            if not isinstance(value, str | list | dict | None):
                raise Fails
            return 0 if value is None else len(value)

        return Drawn(f"length({of.json})", naive)

    def lower(of: Drawn) -> Drawn:
        def naive(world: World, member: Any) -> str:
            value = of.naive(world, member)
            if not isinstance(value, str | None):
                raise Fails
            return (value or "").lower()

        return Drawn(f"toLower({of.json})", naive)

    def equal(left: Drawn, right: Drawn) -> Drawn:
        def naive(world: World, member: Any) -> bool:
            sides = (json.dumps(side.naive(world, member), sort_keys=True) for side in (left, right))
            return next(sides) == next(sides)

        return Drawn(f"equals({left.json}, {right.json})", naive)

    def either(left: Drawn, right: Drawn, word: str) -> Drawn:
        def naive(world: World, member: Any) -> bool:
            sides = [left.naive(world, member), right.naive(world, member)]
            return any(sides) if word == "or" else all(sides)

        return Drawn(f"{word}({left.json}, {right.json})", naive)

    def choice(test: Drawn, yes: Drawn, no: Drawn) -> Drawn:
        return Drawn(
            f"if({test.json}, {yes.json}, {no.json})",
            lambda world, member: (yes if test.naive(world, member) else no).naive(world, member),
        )

    group = st.sampled_from(
        [
            Drawn("resourceGroup().location", lambda world, _: world.group["location"]),
            Drawn("resourceGroup().tags.env", lambda world, _: world.group["tags"].get("env")),
            Drawn("tryGet(resourceGroup(), 'tags', 'env')", _group_tag),
        ][: 2 if safe else 3]
    )
    literals = TEXTS.map(lambda text: Drawn(f"'{text}'", lambda _world, _member: text))
    fields = st.sampled_from(sorted(ONE)).map(of_field) | st.sampled_from(sorted(MANY)).map(of_fields)
    simple = literals | fields | group
    truths = st.builds(equal, simple, simple)
    truths = truths | st.builds(either, truths, truths, st.sampled_from(["and", "or"]))
    total = (
        simple
        | truths
        | st.builds(choice, truths, simple, simple)
        | st.sampled_from(sorted(MANY)).map(of_fields).map(length)
    )
    risky = (
        st.builds(length, simple)
        | st.builds(lower, simple)
        | st.builds(choice, truths, st.builds(lower, simple), simple)
    )
    return total if safe else total | risky


def _or_empty(value: Any) -> Any:
    return "" if value is None else value


def _group_tag(world: World, _member: Any) -> Any:
    if "env" not in world.group["tags"]:
        raise Fails
    return world.group["tags"]["env"]


def _leaves(names: dict[str, Ask], *, many: bool, safe: bool) -> st.SearchStrategy[Drawn]:
    operators = [name for name in (*TESTS, *OPPOSITES) if not (safe and name == "less")]
    return st.sampled_from(operators).flatmap(
        lambda operator: st.builds(
            lambda name, operand, upper: _compared(
                {"field": name.upper() if upper else name}, names[name], operator, operand, many=many
            ),
            st.sampled_from(sorted(names)),
            _operands(OPPOSITES.get(operator, operator), safe=safe),
            st.booleans(),
        )
    )


def _values(*, safe: bool) -> st.SearchStrategy[Drawn]:
    operators = [name for name in (*TESTS, *OPPOSITES) if not (safe and name == "less")]
    return st.sampled_from(operators).flatmap(
        lambda operator: st.builds(
            lambda value, operand: _compared(
                {"value": f"[{value.json}]"}, value.naive, operator, operand, many=False, null=""
            ),
            expressions(safe=safe),
            _operands(OPPOSITES.get(operator, operator), safe=safe),
        )
    )


def _located() -> st.SearchStrategy[Drawn]:
    def compared(operand: str) -> Drawn:
        def naive(world: World, _member: Any) -> bool:
            return _equals(str(world.body.get("location") or "").replace(" ", ""), operand.replace(" ", ""))

        return Drawn({"field": "location", "equals": operand}, naive)

    return st.sampled_from(["a", "a b", "ab"]).map(compared)


def _combined(inner: st.SearchStrategy[Drawn]) -> st.SearchStrategy[Drawn]:
    def all_of(parts: list[Drawn]) -> Drawn:
        return Drawn({"allOf": [part.json for part in parts]}, lambda w, m: all(part.naive(w, m) for part in parts))

    def any_of(parts: list[Drawn]) -> Drawn:
        return Drawn({"anyOf": [part.json for part in parts]}, lambda w, m: any(part.naive(w, m) for part in parts))

    def negated(part: Drawn) -> Drawn:
        return Drawn({"not": part.json}, lambda w, m: not part.naive(w, m))

    several = st.lists(inner, max_size=3)
    return several.map(all_of) | several.map(any_of) | inner.map(negated)


def _counts(*, safe: bool) -> st.SearchStrategy[Drawn]:
    """Counts over properties.list, its members' arrays, properties.flat and literal values."""
    member_fields = {
        "properties.list[*].x": lambda _world, member: _at(member, "x"),
        "sku": ONE["sku"],
        "Muster.Image/sku": ONE["Muster.Image/sku"],
    }
    inner_field: dict[str, Ask] = {"properties.list[*].in[*]": lambda _world, member: _inner(member)}
    leaves = _leaves(member_fields, many=False, safe=safe) | _leaves(inner_field, many=True, safe=safe)
    where = st.recursive(leaves, _combined, max_leaves=3)

    def counted(over: dict[str, Any], members: Ask, where: Drawn | None, operator: str, number: int) -> Drawn:
        def naive(world: World, member: Any) -> bool:
            found = [one for one in members(world, member) if where is None or where.naive(world, one)]
            if operator == "less":
                return len(found) < number
            return (len(found) == number) is (operator == "equals")

        clause = {} if where is None else {"where": where.json}
        return Drawn({"count": {**over, **clause}, operator: number}, naive)

    comparison = (st.sampled_from(["equals", "notEquals", "less"]), st.integers(0, 4))
    over_list = st.builds(
        counted,
        st.just({"field": "properties.list[*]"}),
        st.just(lambda w, _: _list(w)),
        st.none() | where,
        *comparison,
    )
    over_flat = st.builds(
        counted, st.just({"field": "properties.flat[*]"}), st.just(lambda w, _: _flat(w)), st.none(), *comparison
    )
    over_all = st.builds(
        counted,
        st.just({"field": "properties.list[*].in[*]"}),
        st.just(MANY["properties.list[*].in[*]"]),
        st.none(),
        *comparison,
    )
    return over_list | over_flat | over_all


def conditions(*, safe: bool = False) -> st.SearchStrategy[Drawn]:
    """Conditions. `safe`: none that can fail in any world."""
    leaves = (
        _leaves(ONE, many=False, safe=safe)
        | _leaves(MANY, many=True, safe=safe)
        | _values(safe=safe)
        | _located()
        | _counts(safe=safe)
    )
    # Azure allows five counts over one array.
    return st.recursive(leaves, _combined, max_leaves=5)
