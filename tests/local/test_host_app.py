"""Loading a function app as the Functions host does."""

from collections.abc import Callable
from pathlib import Path

import pytest

from muster.local.app import load_functions
from muster.local.errors import UnusableApp

WriteApp = Callable[[str], Path]

TWO = """
    import azure.functions as func

    app = func.FunctionApp()

    @app.function_name("second")
    @app.queue_trigger(arg_name="message", queue_name="q", connection="Storage")
    def take(message: func.QueueMessage) -> None:
        pass

    @app.function_name("first")
    @app.event_grid_trigger(arg_name="event")
    async def hear(event: str) -> None:
        pass
"""


def test_functions_have_their_trigger_argument_and_settings(write_app: WriteApp) -> None:
    first, second = load_functions(write_app(TWO))
    assert (first.name, first.trigger, first.argument, first.annotation) == ("first", "eventGridTrigger", "event", str)
    assert first.is_async
    assert not second.is_async
    assert second.bindings["queueName"] == "q"


def test_a_folder_without_an_app_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusableApp, match=r"function_app\.py"):
        load_functions(tmp_path)


@pytest.mark.parametrize(
    ("source", "count"),
    [("x = 1", 0), ("import azure.functions as func\na = func.FunctionApp()\nb = func.FunctionApp()", 2)],
)
def test_one_app_is_needed(write_app: WriteApp, source: str, count: int) -> None:
    with pytest.raises(UnusableApp, match=f"has {count} function apps"):
        load_functions(write_app(source))
