"""The page of the command line, from the commands themselves."""

from pathlib import Path

import click

from muster.cli.command_reference import command_reference


@click.group()
def app() -> None:
    """Never shown."""


@app.group(invoke_without_command=True)
def outer() -> None:
    """Groups `what | is` inside.

    Exit code: 0.
    """


@outer.command(hidden=True)
def secret() -> None:
    """Not for everybody."""


@outer.command()
@click.argument("file", type=click.Path())
@click.option("--format", "form", type=click.Choice(["a", "b|c"]), default="a", show_default=True)
@click.option("-q", "--quiet", is_flag=True, help="Say <nothing>.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="A day.")
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), help="Where.")
@click.option("--file", "other", type=click.Path(dir_okay=False), help="Which.")
@click.option("--any", "either", type=click.Path(), help="Either.")
@click.option("--most", type=click.IntRange(0), default=3, show_default=True, help="How many of `x`.")
@click.option("--rule", metavar="RULE", help="Name.")
@click.option("--text", help="Any.")
def inner(**_: object) -> None:
    """Do it
    in two lines."""


PAGE = """\
## muster outer

```
muster outer [OPTIONS] [COMMAND] [ARGS]...
```

Groups <code>what &#124; is</code> inside.

Exit code: 0.

### muster outer inner

```
muster outer inner [OPTIONS] FILE
```

Do it in two lines.

| option | value | what it does |
|---|---|---|
| `--format` | `a`, <code>b&#124;c</code> | Without it: `a`. |
| `-q`, `--quiet` |  | Say &#60;nothing&#62;. |
| `--as-of` | a day, `YYYY-MM-DD` | A day. |
| `--folder` | a folder | Where. |
| `--file` | a file | Which. |
| `--any` | a file or a folder | Either. |
| `--most` | a number | How many of `x`. Without it: `3`. |
| `--rule` | `RULE` | Name. |
| `--text` | a text | Any. |
"""


def test_the_page_is_made_of_the_commands() -> None:
    head, _, rest = command_reference(app).partition("## muster outer\n")
    assert head.startswith("# The command line\n")
    assert "## muster outer\n" + rest == PAGE
