"""The reference page of the command line, from the commands themselves."""

import inspect
from collections.abc import Iterator

import click

from muster.report.markdown_text import block, code, inline

HEAD = """\
# The command line

Written by `scripts/write-reference.py` from `muster/cli`; edits here are lost.

`muster COMMAND --help` says the same. [Exit codes](../findings.md#exit-codes) are the same for all commands that judge.
"""


def command_reference(main: click.Group) -> str:
    """The page in Markdown, with a line end at its end."""
    return "\n".join([HEAD, *_below(main, click.Context(main, info_name="muster"), "##")])


def commands(group: click.Group, context: click.Context) -> Iterator[tuple[click.Command, click.Context]]:
    """The commands of a group by name, each with the context in which it is called."""
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is not None and not command.hidden:
            yield command, click.Context(command, info_name=name, parent=context)


def _below(group: click.Group, context: click.Context, level: str) -> Iterator[str]:
    for command, inner in commands(group, context):
        yield from _section(command, inner, level)
        if isinstance(command, click.Group):
            yield from _below(command, inner, f"{level}#")


def _section(command: click.Command, context: click.Context, level: str) -> Iterator[str]:
    yield f"{level} {inline(context.command_path)}\n"
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    yield block(usage) + "\n"
    for paragraph in inspect.cleandoc(command.help or "").split("\n\n"):
        yield f"{_prose(paragraph)}\n"
    rows = [_row(parameter) for parameter in command.params if isinstance(parameter, click.Option)]
    if rows:
        yield "| option | value | what it does |\n|---|---|---|"
        yield from rows
        yield ""


def _row(option: click.Option) -> str:
    names = ", ".join(map(code, [*option.opts, *option.secondary_opts]))
    default = f"Without it: {code(str(option.default))}." if option.show_default else ""
    return f"| {names} | {_value(option)} | {' '.join(filter(None, (_prose(option.help or ''), default)))} |"


def _value(option: click.Option) -> str:
    """What stands behind the option; nothing behind one that is there or not."""
    if option.is_flag:
        return ""
    match option.type:
        case click.Choice(choices=choices):
            return ", ".join(code(str(choice)) for choice in choices)
        case click.DateTime():
            return "a day, `YYYY-MM-DD`"
        case click.Path(file_okay=False):
            return "a folder"
        case click.Path(dir_okay=False):
            return "a file"
        case click.Path():
            return "a file or a folder"
        case click.types.IntParamType():
            return "a number"
    return code(option.metavar) if option.metavar else "a text"


def _prose(text: str) -> str:
    """A text of muster's own with code between backticks, on one line."""
    return "".join(code(part) if at % 2 else _kept(part) for at, part in enumerate(text.split("`")))


def _kept(text: str) -> str:
    """As inline, with the spaces at both ends."""
    return (
        f"{' ' if text[:1].isspace() else ''}{inline(text)}{' ' if text[-1:].isspace() else ''}"
        if text.strip()
        else text
    )
