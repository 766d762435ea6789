"""Exports from the page: the documents of what was selected, in a format, as a download."""

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import threading

    from functions.page_wiring import PageServices
    from muster.web.exports import WantedExport
    from muster.web.page import Sources
    from muster.web.request import Request, Response


async def export_response(
    request: "Request", sources: "Sources", lock: "threading.Lock", services: "PageServices"
) -> "Response":
    """The answer to a request for an export. The index is asked while `lock` is held. Raises TransientFault."""
    from muster.adapters.export_formats import new_export
    from muster.adapters.searched_words import SearchedWords
    from muster.jobs.chosen_results import ChosenResults
    from muster.jobs.export_chosen import export_chosen
    from muster.web.exports import MAX_BYTES, RESOURCE_EXPORT, exported, nothing_known
    from muster.web.request import Response

    def plan() -> "WantedExport | Response":
        with lock:
            return services.site.export(request, sources)

    wanted = await asyncio.to_thread(plan)
    if isinstance(wanted, Response):
        return wanted
    chooser = ChosenResults(
        wanted.selection, services.indexing.owner_tag, sources.today, sources.lifetimes, SearchedWords().has
    )
    form = new_export(wanted.form, sources.now, services.titles)
    async with services.exporting:
        made = await export_chosen(wanted.ids, services.indexing.store, chooser, form, most_bytes=MAX_BYTES)
    if made is None:
        much = f"The export is larger than {MAX_BYTES // 1024**2} MB. Narrow the query, or use the command line."
        return services.site.fault(request, 413, much)
    if wanted.page is RESOURCE_EXPORT and not made.resources:
        return services.site.fault(request, 404, str(nothing_known()))
    return exported(wanted, made)
