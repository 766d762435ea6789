"""docs/doctor.md, from the table of checks."""

from collections.abc import Iterable

PAGE = "docs/doctor.md"

HEAD = """\
# muster doctor

Written by `scripts/write-reference.py` from `muster/jobs/doctor`; edits here are lost.

`muster doctor` looks at an installation and says of each fault what to do. It changes nothing.

    muster doctor                                              what this environment, or `muster up`, says
    muster doctor --settings local.settings.json               what a file of settings says
    az functionapp config appsettings list -n APP -g GROUP > app.json
    muster doctor --settings app.json                          an app in Azure, from outside

A file of settings is `local.settings.json`, what `az functionapp config appsettings list` prints, or a JSON object of
names and texts. From outside, everything is tried as who you are signed in as, and `azure-identity` says who that is;
`/api/health` tries its part of it as the app. Policies in a folder, versions and host.json are those of the muster that
runs the doctor, policies in a container those of the app. `--format json` is for programs.

| outcome | meaning |
|---|---|
| ok | as it must be |
| warning | it works, and something should be looked at |
| fault | something does not work, or soon will not |
| unknown | it could not be looked at |

| exit code | when |
|---|---|
| 0 | nothing is worse than a warning |
| 2 | the command line or the file of settings can't be used |
| 10 | there is at least one fault |
| 11 | something could not be looked at, and there is no fault |

## /api/health

Both apps answer `GET /api/health` without a key, for probes: `application/health+json` with the names and outcomes of
some of the checks, and nothing else; what was found is in the log. 200 with `pass` or `warn`, 503 with `fail`. `fail`
means that this app can't serve: its settings, its storage or its policies. What starting the app anew would not mend (a
late sweep, dead letters, an old catalogue) is `warn`. An answer is kept for 30 seconds.

## Checks

| check | looks at | page | health |
|---|---|---|---|
"""
FOOT = """
*page*: an app with `MUSTER_ROLE=page` has it too. *health*: `/api/health` has it; there it *fails* or *warns*.
"""


def page_of(check: str) -> str:
    """Where a check is described."""
    return f"{PAGE}#{check}"


def checkup_page(rows: Iterable[tuple[str, str, bool, str]]) -> str:
    """The page in Markdown, with a line end at its end. A row: name, what is looked at, whether the page has it, what
    it is for /api/health ("" for nothing)."""
    return HEAD + "".join(map(_row, rows)) + FOOT


def _row(row: tuple[str, str, bool, str]) -> str:
    name, looks_at, page, health = row
    return f'| <a id="{name}"></a>`{name}` | {looks_at} | {"yes" if page else ""} | {health} |\n'
