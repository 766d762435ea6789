"""Loads function_app.py as the Functions host does, and lists its functions."""

import importlib
import inspect
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_type_hints

from azure.functions import FunctionRegister

from muster.local.errors import UnusableApp

SCRIPT = "function_app.py"


@dataclass(frozen=True, slots=True)
class Function:
    """One function of the app. `argument` is the trigger's parameter, `annotation` its type; `bindings` are the
    trigger's settings as in function.json."""

    name: str
    trigger: str
    argument: str
    annotation: type | None
    bindings: dict[str, Any]
    call: Callable[..., Any]

    @property
    def is_async(self) -> bool:
        """Whether the function is awaited; the others run in threads."""
        return inspect.iscoroutinefunction(self.call)


def load_functions(root: Path) -> tuple[Function, ...]:
    """The functions of the app in `root`, in the order of their names. Raises UnusableApp.

    `root` goes to the front of sys.path, where the Functions worker has it.
    """
    if not (root / SCRIPT).is_file():
        raise UnusableApp(f"{root / SCRIPT} is not there")
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
    module = importlib.import_module(Path(SCRIPT).stem)
    apps = [value for value in vars(module).values() if isinstance(value, FunctionRegister)]
    if len(apps) != 1:
        raise UnusableApp(f"{SCRIPT} has {len(apps)} function apps at its top level, one is needed")
    return tuple(sorted(map(_function, apps[0].get_functions()), key=lambda function: function.name))


def _function(built: Any) -> Function:
    trigger = built.get_trigger()
    call = built.get_user_function()
    annotation = get_type_hints(call).get(trigger.name)
    return Function(
        name=built.get_function_name(),
        trigger=trigger.type,
        argument=trigger.name,
        annotation=annotation if isinstance(annotation, type) else None,
        bindings=trigger.get_dict_repr(),
        call=call,
    )


def find_app(given: Path | None) -> Path:
    """The folder of the function app: `given`, else the working directory if it has one, else the checkout that this
    package lies in. Raises UnusableApp."""
    for folder in [given] if given is not None else [Path.cwd(), Path(__file__).parents[2]]:
        if (folder / SCRIPT).is_file():
            return folder.resolve()
    raise UnusableApp(f"no {SCRIPT} in {given or 'this folder'}: name the app's folder")
