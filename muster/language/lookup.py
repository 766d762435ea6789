"""The look-up of a rule with an IfNotExists effect, compiled."""

from muster.language.compile_condition import compile_condition
from muster.language.environment import Environment
from muster.language.evaluate import compile_template
from muster.language.frame import Evaluator, Frame, UnknownFact
from muster.language.outcome import Truth
from muster.language.related import Details, candidates, names_itself, query, read_details
from muster.language.syntax import Then
from muster.language.template import Template
from muster.values.answers import FoundMany, ListAnswer
from muster.values.document import Document, RelatedQuery
from muster.values.errors import TemplateError
from muster.values.json import Json

_MEMBERS = ("type", "name", "resourcegroupname", "existencescope", "kind")


class Lookup:
    """Which related resources a rule looks for, and what they must satisfy. `pointer` is then.details' place."""

    def __init__(self, then: Then, env: Environment) -> None:
        self._env = env
        self._details = _evaluator(then.details, env)
        self.pointer = f"{then.pointer}/details"
        condition = then.existence_condition
        self.existence = None if condition is None else compile_condition(condition, env.of_related())

    def details(self, frame: Frame) -> Details:
        """What is looked for. Raises TemplateError and UnknownFact."""
        return self._asked(frame)[0]

    def query(self, frame: Frame) -> RelatedQuery:
        """What to ask for. Raises TemplateError and UnknownFact."""
        return self._asked(frame)[1]

    def queries(self, frame: Frame) -> tuple[RelatedQuery, ...]:
        """What has to be asked for: nothing where the resource itself is looked for. Raises TemplateError and
        UnknownFact."""
        return () if names_itself(self.details(frame), frame) else (self.query(frame),)

    def answer(self, frame: Frame) -> ListAnswer | None:
        """What was answered; None where nobody asked. Raises TemplateError and UnknownFact."""
        return frame.document.related.get(self.query(frame))

    def frames(self, frame: Frame) -> list[Frame] | None:
        """The related resources that count; None where they could not be had. Raises TemplateError and UnknownFact."""
        if self not in frame.kept:
            frame.kept[self] = self._frames(frame)
        found: list[Frame] | None = frame.kept[self]
        return found

    def _asked(self, frame: Frame) -> tuple[Details, RelatedQuery]:
        asked: tuple[Details, RelatedQuery] | None = frame.kept.get(self._details)
        if asked is None:
            details = read_details(self._details(frame))
            asked = frame.kept[self._details] = (details, query(details, frame))
        return asked

    def _frames(self, frame: Frame) -> list[Frame] | None:
        details, answer = self.details(frame), self.answer(frame)
        if answer is None and names_itself(details, frame):
            return [self._env.fields.frame(frame.document, outer=frame)]
        if not isinstance(answer, FoundMany):
            return None
        found = []
        for body in candidates(answer.bodies, details):
            resource = body if "type" in body else {**body, "type": details.type}
            found.append(self._env.fields.frame(Document(resource=resource), outer=frame))
        return found

    def satisfied(self, frame: Frame) -> Truth:
        """Whether some related resource is there and passes. Raises TemplateError."""
        try:
            frames = self.frames(frame)
        except UnknownFact:
            return None
        if frames is None:
            return None
        if self.existence is None:
            return bool(frames)
        results: list[Truth] = []
        for related in frames:
            try:
                results.append(self.existence.test(related))
            except TemplateError:
                if None in results:
                    # One that can't be told may satisfy, and then this one is not asked.
                    return None
                raise
            if results[-1] is True:
                return True
        return None if None in results else False


def _evaluator(template: Template | None, env: Environment) -> Evaluator:
    """The members of then.details that a look-up needs; the rest may need what is known only on deployment."""
    if template is None or not isinstance(template.value, dict):
        return lambda _frame: None
    kept: Json = {key: item for key, item in template.value.items() if key.lower() in _MEMBERS}
    expressions = {
        at: expression for at, expression in template.expressions.items() if at.split("/")[1].lower() in _MEMBERS
    }
    try:
        return compile_template(Template(kept, expressions, template.pointer), env)[0]
    except TemplateError as error:
        message = str(error)

        def fail(_frame: Frame) -> Json:
            raise TemplateError(message)

        return fail
