"""Calls a function of the app with its trigger's data, decoded as Microsoft's Python worker decodes it."""

import asyncio
from collections.abc import Mapping
from typing import Any

from azure.functions import get_binding_registry
from azure.functions.meta import Datum

from muster.local.app import Function


async def invoke(function: Function, data: Datum, metadata: Mapping[str, Datum]) -> Any:
    """Call a function and return what it returns. Whatever decoding or the function raises comes through."""
    argument = _decode(function, data, metadata)
    if function.is_async:
        return await function.call(**{function.argument: argument})
    return await asyncio.to_thread(function.call, **{function.argument: argument})


def _decode(function: Function, data: Datum, metadata: Mapping[str, Datum]) -> Any:
    """A parameter annotated str or bytes gets the data as it came; any other goes through the binding's converter."""
    if function.annotation in (str, bytes):
        return data.value
    return get_binding_registry().get(function.trigger).decode(data, trigger_metadata=metadata)
