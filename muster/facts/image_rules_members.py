"""Members of the JSON that rule authors write, as values, with what is wrong reported on the side."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from muster.language.source import escape
from muster.values.diagnostic import Diagnostic, Level
from muster.values.json import Json, JsonObject

_T = TypeVar("_T")


class MemberReader:
    """Members of JSON objects as values, faults on the side."""

    def __init__(self, file: str, faults: list[Diagnostic]) -> None:
        self.file = file
        self.faults = faults

    def fault(self, rule: str, pointer: str, message: str, hint: str = "", *, in_key: bool = False) -> None:
        rule = f"image-rules-{rule}"
        self.faults.append(Diagnostic(rule, Level.ERROR, message, self.file, pointer, hint, in_key=in_key))

    def known(self, value: JsonObject, pointer: str, members: set[str]) -> None:
        for member in value.keys() - members:
            hint = f"Known here: {', '.join(sorted(members))}."
            message = f"Nothing reads '{member[:80]}'."
            self.fault("member", f"{pointer}/{escape(member)}", message, hint, in_key=True)

    def text(self, value: JsonObject, pointer: str, member: str) -> str:
        """A text, "" where it is not there."""
        found = value.get(member, "")
        if isinstance(found, str) and (found.strip() or member not in value):
            return found
        self.fault("shape", f"{pointer}/{member}", f"'{member}' is a text.")
        return ""

    def needed(self, value: JsonObject, pointer: str, member: str) -> str:
        if member not in value:
            rule = f"without-{member}" if member in ("source", "seen") else "shape"
            self.fault(rule, pointer, f"'{member}' is missing.")
        return self.text(value, pointer, member)

    def truth(self, value: JsonObject, pointer: str, member: str) -> bool | None:
        found = value.get(member)
        if found is None or isinstance(found, bool):
            return found
        self.fault("shape", f"{pointer}/{member}", f"'{member}' is true or false.")
        return None

    def choice(self, value: JsonObject, pointer: str, member: str, allowed: Sequence[str], default: str) -> str:
        found = self.text(value, pointer, member) or default
        if found in allowed or found == default:
            return found
        self.fault("value", f"{pointer}/{member}", f"'{found[:40]}' can't stand here.", f"One of {', '.join(allowed)}.")
        return default

    def texts(self, value: JsonObject, pointer: str, member: str) -> list[tuple[str, str]]:
        """The texts of a list (or the one text) with their pointers."""
        found = value.get(member, [])
        if isinstance(found, str):
            return [(f"{pointer}/{member}", found)]
        if isinstance(found, list) and all(isinstance(item, str) and item.strip() for item in found):
            return [(f"{pointer}/{member}/{index}", str(item)) for index, item in enumerate(found)]
        self.fault("shape", f"{pointer}/{member}", f"'{member}' is a list of texts.")
        return []

    def entries(self, value: JsonObject, pointer: str, member: str) -> list[tuple[str, str, Json]]:
        """The members of an object: pointer, name, value."""
        found = value.get(member, {})
        if isinstance(found, dict):
            return [(f"{pointer}/{member}/{escape(name)}", name, item) for name, item in found.items()]
        self.fault("shape", f"{pointer}/{member}", f"'{member}' is an object.")
        return []

    def objects(self, value: JsonObject, pointer: str, member: str) -> list[tuple[str, JsonObject]]:
        found = value.get(member, [])
        if isinstance(found, list) and all(isinstance(item, dict) for item in found):
            return [(f"{pointer}/{member}/{i}", item) for i, item in enumerate(found) if isinstance(item, dict)]
        self.fault("shape", f"{pointer}/{member}", f"'{member}' is a list of objects.")
        return []

    def strings(self, value: JsonObject, pointer: str, member: str) -> dict[str, str]:
        found = {}
        for place, name, item in self.entries(value, pointer, member):
            if isinstance(item, str):
                found[name] = item
            else:
                self.fault("shape", place, f"A member of '{member}' is a text.")
        return found

    def compiled(
        self, value: JsonObject, pointer: str, member: str, compile_one: Callable[[str], _T]
    ) -> tuple[_T, ...]:
        """What a notation's texts compile to; the notation's own faults are reported at their texts."""
        found = []
        for place, text in self.texts(value, pointer, member):
            try:
                found.append(compile_one(text))
            except ValueError as error:
                self.fault("pattern", place, str(error))
        return tuple(found)
