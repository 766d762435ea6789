"""The HTTP trigger of the page: everything under the app's address. What it answers is made in muster/web."""

import logging
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import azure.functions as func

if TYPE_CHECKING:
    from functions.page_wiring import PageServices
    from muster.adapters.index_loader import LoadedIndex
    from muster.jobs.resource_story import Story
    from muster.web.access import Viewer
    from muster.web.page import Sources
    from muster.web.request import Request, Response

log = logging.getLogger(__name__)

blueprint = func.Blueprint()

_FRESH_SECONDS = 2
_PATIENCE = 50


@blueprint.function_name("findings_page")
@blueprint.route(route="{*path}", methods=["GET", "HEAD"], auth_level=func.AuthLevel.ANONYMOUS)
async def findings_page(req: func.HttpRequest) -> func.HttpResponse:
    """Answer one request. App Service authentication stands before it, hence no key."""
    from functions.page_wiring import page_services

    answer = await respond(req, await page_services())
    body = b"" if req.method == "HEAD" else answer.body
    return func.HttpResponse(body, status_code=answer.status, headers=dict(answer.headers))


async def respond(req: func.HttpRequest, services: "PageServices") -> "Response":
    """The answer, whatever happens: a fault of muster's own is logged, and told without its details."""
    import asyncio

    from functions.page_exports import export_response
    from muster.values.errors import TransientFault
    from muster.web.access import Refused, viewer
    from muster.web.exports import export_route
    from muster.web.request import Request

    address = urlsplit(req.url)
    request = Request(unquote(address.path, errors="replace") or "/", address.query, req.method or "GET")
    site = services.site
    try:
        asset = site.asset(request)
        if asset is not None:
            return asset
        who = viewer(services.access, {name.lower(): value for name, value in req.headers.items()})
        loaded = await _index(services)
        if loaded is None:
            return site.fault(request, 503, "The index of findings is not made yet. It is in a minute.")
        if export_route(request.path):
            sources = _sources(who, loaded, None, services)
            return await export_response(request, sources, loaded.lock, services)
        sources = _sources(who, loaded, await _story(request, who, services), services)
        return await asyncio.to_thread(_answer, request, sources, loaded, services)
    except Refused as refused:
        return site.fault(request, refused.status, str(refused))
    except TransientFault as fault:
        log.warning("storage did not answer: %s", fault)
        return site.fault(request, 503, "Storage did not answer. Try again in a moment.")
    except Exception:
        log.exception("a fault of muster's own")
        return site.fault(request, 500, "The fault is muster's own, and it is in the log.")


async def _index(services: "PageServices") -> "LoadedIndex | None":
    """The index. On this machine, where whoever looks is also who has just sent an event, it is brought up to date
    first."""
    if services.access.loopback:
        import asyncio

        from functions.index_findings import update

        loaded = await services.index.current()
        age = (services.indexing.clock() - loaded.state.current_at).total_seconds() if loaded else _FRESH_SECONDS + 1
        for _ in range(_PATIENCE):
            if age > _FRESH_SECONDS:
                await update(services.indexing)
                await services.index.look()
            if await services.index.current() is not None:
                break
            # The timer is at it, for the first time.
            await asyncio.sleep(0.2)
    return await services.index.current()


async def _story(request: "Request", who: "Viewer", services: "PageServices") -> "Story | None":
    from muster.jobs.resource_story import resource_story
    from muster.web.site import wanted_resource

    resource_id = wanted_resource(request)
    if resource_id is None or (who.subscriptions is not None and resource_id.subscription not in who.subscriptions):
        return None
    return await resource_story(resource_id, services.indexing.store)


def _sources(who: "Viewer", loaded: "LoadedIndex", story: "Story | None", services: "PageServices") -> "Sources":
    from muster.web.page import Sources

    state = loaded.state
    return Sources(
        index=loaded.reader,
        viewer=who,
        now=services.indexing.clock(),
        current_at=state.current_at,
        complete=state.complete,
        lifetimes=services.lifetimes,
        story=story,
    )


def _answer(request: "Request", sources: "Sources", loaded: "LoadedIndex", services: "PageServices") -> "Response":
    with loaded.lock:
        return services.site.answer(request, sources)
