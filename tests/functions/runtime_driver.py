"""Runs the function app in Microsoft's Functions runtime for Python, without the host around it.

Run by the interpreter of an environment that has azure-functions-runtime. Reads from standard input
`{"root": FOLDER, "invocations": [{"function": NAME, "data": JSON-TEXT}]}` and prints
`{"init": STATUS, "functions": {NAME: BINDINGS}, "invocations": [STATUS]}`, a STATUS being "" or what went wrong.

The runtime takes the host's messages by their attributes and makes its answers with the classes that it is handed, so
plain objects stand in for both.
"""

import asyncio
import json
import sys
from types import SimpleNamespace
from typing import Any

import azure_functions_runtime as runtime


class Message(SimpleNamespace):
    """A message of the host's protocol, as keyword arguments made it."""

    Success, Failure = 1, 0


class OneOf(Message):
    """A message that holds one of several members."""

    def WhichOneof(self, _group: str) -> str | None:  # noqa: N802 protobuf's name
        return next(iter(vars(self)), None)


class ParameterBinding:
    """What the host binds to a parameter: JSON, as it does for events."""

    def __init__(self, name: str, data: str) -> None:
        self.name = name
        self.data = OneOf(json=data)

    def WhichOneof(self, _group: str) -> str:  # noqa: N802 protobuf's name
        return "data"


class BindingInfo(Message):
    """A binding; the numbers are those of the protocol's enums."""

    undefined, inout, out = 0, 2, 1
    Direction = SimpleNamespace(Name=str)


PROTOS = SimpleNamespace(
    BindingInfo=BindingInfo,
    FunctionLoadResponse=Message,
    FunctionMetadataResponse=Message,
    InvocationResponse=Message,
    ParameterBinding=Message,
    RpcException=Message,
    RpcFunctionMetadata=Message,
    StatusResult=Message,
    TypedData=OneOf,
    WorkerInitResponse=Message,
    WorkerMetadata=Message,
)


def request(**content: Any) -> Message:
    return Message(request=Message(**content), properties={"protos": PROTOS, "host": "127.0.0.1"})


def status(answer: Message) -> str:
    if answer.result.status == Message.Success:
        return ""
    return str(answer.result.exception.message)


async def invoke(function_id: str, parameter: str, data: str, number: int) -> str:
    invocation = Message(
        invocation_id=str(number),
        function_id=function_id,
        input_data=[ParameterBinding(parameter, data)],
        trigger_metadata={},
        trace_context=Message(trace_parent="", trace_state="", attributes={}),
        retry_context=Message(retry_count=0, max_retry_count=0, exception=None),
    )
    return status(await runtime.invocation_request(request(invocation_request=invocation)))


async def run(root: str, invocations: list[dict[str, str]]) -> dict[str, Any]:
    sys.path.insert(0, root)
    start = Message(capabilities={}, function_app_directory=root)
    init = status(await runtime.worker_init_request(request(worker_init_request=start)))
    if init:
        return {"init": init, "functions": {}, "invocations": []}
    answer = await runtime.functions_metadata_request(request())
    metadata = {function.name: function for function in answer.function_metadata_results}
    statuses = []
    for number, invocation in enumerate(invocations):
        function = metadata[invocation["function"]]
        parameter = next(iter(function.bindings))
        load = Message(function_id=function.function_id, metadata=function)
        await runtime.function_load_request(request(function_load_request=load))
        statuses.append(await invoke(function.function_id, parameter, invocation["data"], number))
    bindings = {name: [json.loads(binding) for binding in function.raw_bindings] for name, function in metadata.items()}
    return {"init": "", "functions": bindings, "invocations": statuses}


def main() -> None:
    order = json.load(sys.stdin)
    runtime.start_threadpool_executor()
    try:
        result = asyncio.run(run(order["root"], order["invocations"]))
    finally:
        runtime.stop_threadpool_executor()
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()
