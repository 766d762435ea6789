"""A definition as lint rules see it: what several of them ask is worked out once."""

from functools import cached_property

from muster.language.aliases import AliasTable
from muster.language.analysis.dead import Dead, dead
from muster.language.analysis.domains import ANY, Domain
from muster.language.analysis.leaves import Leaf, leaves
from muster.language.analysis.possible import Possible
from muster.language.analysis.references import parameter_of
from muster.language.analysis.shapes import Shapes
from muster.language.definition import Definition
from muster.language.frame import member
from muster.language.lint.vocabulary import Vocabulary
from muster.language.parameters import Parameter
from muster.language.syntax import AllOf, AnyOf, Condition, Count, conditions
from muster.language.template import Template
from muster.values.json import Json

_UNLIKELY = "noPropertyHasThisName"

_LOOKS_UP = frozenset({"auditifnotexists", "deployifnotexists"})


class Linted:
    """A definition with the tables that tell what its names mean."""

    def __init__(self, definition: Definition, aliases: AliasTable, vocabulary: Vocabulary) -> None:
        self.definition = definition
        self.rule = definition.rule
        self.aliases = aliases
        self.vocabulary = vocabulary
        self._possible = Possible()

    @property
    def bare(self) -> bool:
        """Whether the file has the rule alone, without the definition around it."""
        return not self.rule.pointer.lower().endswith("/policyrule")

    @property
    def built_in(self) -> bool:
        """Whether the definition is Microsoft's, so that what it says of itself is not its reader's to mend."""
        return self.definition.policy_type.lower() in ("builtin", "static")

    def place(self, member_name: str) -> str:
        """The pointer of a member beside policyRule."""
        return f"{self.rule.pointer.rpartition('/')[0]}/{member_name}"

    @cached_property
    def leaves(self) -> tuple[Leaf, ...]:
        """All comparisons of the rule."""
        return leaves(self.rule, self._possible, self.related_type)

    @cached_property
    def nodes(self) -> tuple[Condition, ...]:
        """All conditions of the rule, junctions and comparisons, the existenceCondition's last."""
        existence = self.rule.then.existence_condition
        return (*conditions(self.rule.condition), *(conditions(existence) if existence is not None else ()))

    @cached_property
    def deaths(self) -> tuple[Dead, ...]:
        """The conditions that can come out one way only."""
        found = list(dead(self.rule.condition, self._possible))
        existence = self.rule.then.existence_condition
        if existence is not None:
            world = {"type": Domain(frozenset({self.related_type.lower()}))} if self.related_type else ANY
            found += dead(existence, self._possible, world)
        return tuple(found)

    @cached_property
    def repetitions(self) -> tuple[tuple[Condition, int], ...]:
        """Each condition that stands earlier in the same list already, with that place, counted from 0."""
        shapes = Shapes()
        found = []
        for node in self.nodes:
            if isinstance(node, AllOf | AnyOf):
                first: dict[int, int] = {}
                for at, part in enumerate(node.conditions):
                    earlier = first.setdefault(shapes.number(part), at)
                    if earlier != at:
                        found.append((part, earlier))
        return tuple(found)

    @cached_property
    def details(self) -> Json:
        """`then.details` as written; None where there is none."""
        return None if self.rule.then.details is None else self.rule.then.details.value

    @property
    def related_type(self) -> str:
        """The type that then.details looks for; empty where it looks for none or computes it."""
        found = member(self.details, "type")
        computed = self.rule.then.details is not None and "/type" in self.rule.then.details.expressions
        return found if isinstance(found, str) and not computed else ""

    def parameter(self, template: Template) -> Parameter | None:
        """The declared parameter that a template is nothing but."""
        return self.definition.parameters.get(parameter_of(template))

    @cached_property
    def effects(self) -> frozenset[str] | None:
        """The lower-cased effects that the definition can have; None where they can't be told."""
        effect = self.rule.then.effect
        if effect.constant:
            return frozenset({str(effect.value).lower()})
        parameter = self.parameter(effect)
        if parameter is None or not parameter.restricted:
            return None
        return frozenset(value.lower() for value in parameter.allowed_values if isinstance(value, str))

    @property
    def looks_up(self) -> bool:
        """Whether the definition can have an effect that looks for a related resource."""
        return self.effects is not None and not self.effects.isdisjoint(_LOOKS_UP)

    def lists(self, alias: str) -> bool:
        """Whether the table has all aliases of an alias's type, so that what it does not have does not exist."""
        owner, _, name = alias.rpartition("/")
        return bool(owner and name) and not self.aliases.known(f"{owner}/{_UNLIKELY}")

    def counts(self) -> tuple[Count, ...]:
        """All counts of the rule."""
        subjects = (leaf.comparison.subject for leaf in self.leaves)
        return tuple(subject for subject in subjects if isinstance(subject, Count))
