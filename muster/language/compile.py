"""Rules compiled against their parameters, and documents as they read them."""

from collections.abc import Mapping

from muster.language.aliases import AliasTable
from muster.language.applicability import applicability
from muster.language.compile_condition import beyond_type, compile_condition
from muster.language.definition import Definition
from muster.language.environment import Environment, Fields, Remarks
from muster.language.evaluate import compile_template
from muster.language.explain import Trace, trace
from muster.language.explain_rule import missing, reasons, trace_related
from muster.language.frame import Frame, UnknownFact
from muster.language.image_gap import ImageGap
from muster.language.lookup import Lookup
from muster.language.outcome import EFFECTS, IF_NOT_EXISTS, RuleOutcome, Truth
from muster.language.syntax import Rule
from muster.language.template import Template
from muster.values.document import Document, RelatedQuery
from muster.values.errors import TemplateError
from muster.values.finding import Reason
from muster.values.json import Json, JsonObject


class Compiler:
    """Compiles rules that will judge the same documents, so that each distinct field is read once a document."""

    def __init__(self, aliases: AliasTable) -> None:
        self._fields = Fields(aliases)

    def compile(
        self, definition: Definition, parameters: Mapping[str, Json], policy: JsonObject | None = None
    ) -> "CompiledRule":
        """A definition's rule with its parameters' values (complete, by lower-cased name); `policy` is what policy()
        answers."""
        return self.compile_rule(definition.rule, parameters, policy)

    def compile_rule(
        self, rule: Rule, parameters: Mapping[str, Json], policy: JsonObject | None = None
    ) -> "CompiledRule":
        """As compile, for a rule alone."""
        return CompiledRule(rule, self._fields, parameters, policy or {})

    def frame(self, document: Document) -> Frame:
        """A document, ready for every rule compiled so far."""
        return self._fields.frame(document)


class CompiledRule:
    """One rule with its parameters. `warnings` are sentences about what will not work as its author thinks."""

    def __init__(self, rule: Rule, fields: Fields, parameters: Mapping[str, Json], policy: JsonObject) -> None:
        remarks = Remarks()
        env = Environment(fields, parameters, policy, remarks)
        self.rule = rule
        self.condition = compile_condition(rule.condition, env)
        self.effect = _effect(rule.then.effect, env)
        self.lookup = Lookup(rule.then, env) if self.effect in IF_NOT_EXISTS else None
        self.unknown_aliases = tuple(remarks.unknown_aliases)
        self.warnings = (*remarks.warnings, *(_alias_warning(alias, fields.aliases) for alias in self.unknown_aliases))
        self._applies = _never if self.unknown_aliases else applicability(self.condition)
        self._decide = beyond_type(self.condition)
        self._image_gap = ImageGap(self.condition, looks_up=self.lookup is not None)
        self._not_applicable = RuleOutcome(self.effect, False, False)
        self._not_matched = RuleOutcome(self.effect, True, False)
        self._matched = RuleOutcome(self.effect, True, True)

    def applies(self, frame: Frame) -> bool:
        """Whether the rule is for a document's type, kind and name at all. Never raises."""
        return self._applies(frame)

    def evaluate(self, frame: Frame) -> RuleOutcome:
        """What the rule says of a document. Never raises."""
        outcome = frame.kept.get(self)
        if outcome is None:
            outcome = frame.kept[self] = self._evaluate(frame)
        return outcome

    def _evaluate(self, frame: Frame) -> RuleOutcome:
        if not self._applies(frame):
            return self._not_applicable
        try:
            matched = self._decide(frame)
            if matched is False:
                return self._not_matched
            if self.lookup is None:
                return self._matched if matched else self._unknown(frame)
            satisfied = self._satisfied(self.lookup, frame, matched)
            if satisfied is None or (matched is None and not satisfied):
                return self._unknown(frame, matched, satisfied)
            return RuleOutcome(self.effect, True, matched, satisfied)
        except TemplateError as error:
            return RuleOutcome(self.effect, True, None, error=str(error))
        except RecursionError:
            return RuleOutcome(self.effect, True, None, error="the rule is nested too deep to be evaluated")

    def _satisfied(self, lookup: Lookup, frame: Frame, matched: Truth) -> Truth:
        try:
            return lookup.satisfied(frame)
        except TemplateError:
            if matched is None:
                # Where the `if` turns out not to match, nothing is looked up.
                return None
            raise

    def _unknown(self, frame: Frame, matched: Truth = None, satisfied: Truth = None) -> RuleOutcome:
        absent = missing(self.condition, self.lookup, frame)
        return RuleOutcome(self.effect, True, matched, satisfied, missing=absent)

    def queries(self, frame: Frame) -> tuple[RelatedQuery, ...]:
        """What a look-up needs: nothing where the rule has none or its `if` is not met."""
        if self.lookup is None or not self._applies(frame):
            return ()
        try:
            return () if self._decide(frame) is False else self.lookup.queries(frame)
        except (TemplateError, UnknownFact, RecursionError):
            return ()

    def explain(self, frame: Frame) -> tuple[Reason, ...]:
        """The conditions that decided the outcome, each in a sentence. Never raises."""
        return reasons(self.condition, self.lookup, frame)

    def trace(self, frame: Frame) -> Trace:
        """The whole `if` as a tree."""
        return trace(self.condition, frame, decides=True)

    def trace_related(self, frame: Frame) -> list[tuple[str, Trace]]:
        """The existenceCondition for every related resource: its id or name, and the tree."""
        return [] if self.lookup is None else trace_related(self.lookup, frame)

    def not_covered(self, frame: Frame) -> tuple[str, ...]:
        """The image names that the rule looks for, where it skips this image because of its name; else ()."""
        return self._image_gap.looked_for(frame) if self._applies(frame) else ()


def _alias_warning(alias: str, aliases: AliasTable) -> str:
    near = aliases.suggestions(alias)
    hint = f" Did you mean {' or '.join(near[:2])}?" if near else ""
    return f"'{alias[:120]}' is no alias of any resource type, so this definition applies to nothing.{hint}"


def _never(_frame: Frame) -> bool:
    return False


def _effect(template: Template, env: Environment) -> str:
    """The effect that the parameters choose; as written where it is none, so that messages can say so."""
    try:
        evaluate, constant = compile_template(template, env)
        if not constant:
            return str(template.value)
        name = evaluate(None)  # type: ignore[arg-type] # a constant reads no frame
    except TemplateError:
        return str(template.value)
    return EFFECTS.get(str(name).lower(), str(name))
