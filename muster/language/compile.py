"""Rules compiled against their parameters, and documents as they read them."""

from collections.abc import Mapping
from dataclasses import replace

from muster.language.aliases import AliasTable
from muster.language.applicability import applicability
from muster.language.compile_condition import Node, compile_condition
from muster.language.definition import Definition
from muster.language.environment import Environment, Fields, Remarks
from muster.language.evaluate import compile_template
from muster.language.explain import missing, reasons
from muster.language.frame import Evaluator, Frame, UnknownFact, member
from muster.language.image_gap import ImageGap
from muster.language.outcome import EFFECTS, IF_NOT_EXISTS, RuleOutcome, Truth
from muster.language.related import Details, candidates, query, read_details
from muster.language.syntax import Rule
from muster.language.template import Template
from muster.values.answers import FoundMany
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
        return self._frame(document, None)

    def _frame(self, document: Document, outer: Frame | None) -> Frame:
        return frame_of(document, self._fields, outer)


def frame_of(document: Document, fields: Fields, outer: Frame | None = None) -> Frame:
    """A document as rules with these fields read it."""
    resource_type = member(document.resource, "type")
    return Frame(
        document, fields.plan(resource_type.lower() if isinstance(resource_type, str) else ""), fields.names, outer
    )


class CompiledRule:
    """One rule with its parameters. `warnings` are sentences about what will not work as its author thinks."""

    def __init__(self, rule: Rule, fields: Fields, parameters: Mapping[str, Json], policy: JsonObject) -> None:
        remarks = Remarks()
        env = Environment(fields, parameters, policy, remarks)
        self._fields = fields
        self.rule = rule
        self.condition = compile_condition(rule.condition, env)
        self.effect = _effect(rule.then.effect, env)
        self._details: Evaluator | None = None
        self.existence: Node | None = None
        self._looks_up = self.effect in IF_NOT_EXISTS
        if rule.then.details is not None:
            self._details, _ = _lenient(_lookup_part(rule.then.details) if self._looks_up else rule.then.details, env)
        if self._looks_up and rule.then.existence_condition is not None:
            self.existence = compile_condition(rule.then.existence_condition, replace(env, related=True))
        self.unknown_aliases = tuple(remarks.unknown_aliases)
        self.warnings = (*remarks.warnings, *(self._alias_warning(alias) for alias in self.unknown_aliases))
        self._applies = _never if self.unknown_aliases else applicability(self.condition)
        self._image_gap = ImageGap(self.condition)
        self._not_applicable = RuleOutcome(self.effect, False, False)
        self._not_matched = RuleOutcome(self.effect, True, False)
        self._matched = RuleOutcome(self.effect, True, True)

    def _alias_warning(self, alias: str) -> str:
        near = self._fields.aliases.suggestions(alias)
        hint = f" Did you mean {' or '.join(near[:2])}?" if near else ""
        return f"'{alias[:120]}' is no alias of any resource type, so this definition applies to nothing.{hint}"

    def evaluate(self, frame: Frame) -> RuleOutcome:
        """What the rule says of a document. Never raises."""
        if not self._applies(frame):
            return self._not_applicable
        try:
            matched = self.condition.test(frame)
            if matched is False:
                return self._not_matched
            if not self._looks_up:
                return self._matched if matched else RuleOutcome(self.effect, True, None, missing=missing(self, frame))
            satisfied = self._satisfied(frame)
            unknown = satisfied is None or (matched is None and not satisfied)
            absent = missing(self, frame) if unknown else ()
            return RuleOutcome(self.effect, True, matched, satisfied, missing=absent)
        except TemplateError as error:
            return RuleOutcome(self.effect, True, None, error=str(error))
        except RecursionError:
            return RuleOutcome(self.effect, True, None, error="the rule is nested too deep to be evaluated")

    def queries(self, frame: Frame) -> tuple[RelatedQuery, ...]:
        """What a look-up needs: nothing where the rule has none or its `if` is not met."""
        if not self._looks_up or not self._applies(frame):
            return ()
        try:
            if self.condition.test(frame) is False:
                return ()
            return (query(self._lookup(frame), frame),)
        except (TemplateError, UnknownFact, RecursionError):
            return ()

    def related_frames(self, frame: Frame) -> list[Frame] | None:
        """The related resources that count; None where they could not be had. Raises TemplateError, UnknownFact."""
        details = self._lookup(frame)
        answer = frame.document.related.get(query(details, frame))
        if not isinstance(answer, FoundMany):
            return None
        found = []
        for body in candidates(answer.bodies, details):
            resource = body if "type" in body else {**body, "type": details.type}
            found.append(frame_of(Document(resource=resource), self._fields, frame))
        return found

    def _lookup(self, frame: Frame) -> Details:
        if self._details is None:
            raise TemplateError(f"{self.effect} without then.details")
        return read_details(self._details(frame))

    def _satisfied(self, frame: Frame) -> Truth:
        try:
            frames = self.related_frames(frame)
        except UnknownFact:
            return None
        if frames is None:
            return None
        if self.existence is None:
            return bool(frames)
        results: list[Truth] = []
        for related in frames:
            results.append(self.existence.test(related))
            if results[-1] is True:
                return True
        return None if None in results else False

    def explain(self, frame: Frame) -> tuple[Reason, ...]:
        """The conditions that decided the outcome, each in a sentence. Never raises."""
        return reasons(self, frame)

    def not_covered(self, frame: Frame) -> tuple[str, ...]:
        """The image names that the rule looks for, where it skips this image because of its name; else ()."""
        return self._image_gap.looked_for(frame) if self._applies(frame) else ()

    def details(self, frame: Frame) -> Json:
        """`then.details` with its expressions evaluated. Raises TemplateError; UnknownFact does not leave."""
        if self._details is None:
            return None
        try:
            return self._details(frame)
        except UnknownFact as fact:
            raise TemplateError(f"{fact.what} is not known") from fact


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


_LOOKUP_MEMBERS = ("type", "name", "resourcegroupname", "existencescope", "kind")


def _lookup_part(details: Template) -> Template:
    """The members of then.details that a look-up needs; the rest may need what is known only on deployment."""
    value = details.value
    if not isinstance(value, dict):
        return details
    kept = {key: item for key, item in value.items() if key.lower() in _LOOKUP_MEMBERS}
    expressions = {
        at: expression for at, expression in details.expressions.items() if at.split("/")[1].lower() in _LOOKUP_MEMBERS
    }
    return Template(kept, expressions, details.pointer)


def _lenient(template: Template, env: Environment) -> tuple[Evaluator, bool]:
    try:
        return compile_template(template, env)
    except TemplateError as error:
        message = str(error)

        def fail(_frame: Frame) -> Json:
            raise TemplateError(message)

        return fail, False
