"""A queue trigger: a resource wants another look, because Azure was not done with it or did not answer."""

import azure.functions as func

blueprint = func.Blueprint()


@blueprint.function_name("on_evaluation_requested")
@blueprint.queue_trigger(arg_name="message", queue_name="muster-evaluations", connection="AzureWebJobsStorage")
async def on_evaluation_requested(message: str) -> None:
    """Look at the resource of a request. Raises only where the message can neither be handled nor kept."""
    from functions.receiving import handle
    from functions.wiring import services
    from muster.jobs.request_message import parse_request

    await handle(message, parse_request, await services(), comes_again=False)
