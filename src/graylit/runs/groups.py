"""Groups of commands that suggest the command that was meant."""

from __future__ import annotations

import click

from graylit.tables.faults import suggest_name


class SuggestingGroup(click.Group):
    """A group of commands that names the closest one if a command is unknown."""

    def resolve_command(
        self, context: click.Context, arguments: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that arguments name, and the rest of them. Raises UsageError if there is none."""
        known = self.list_commands(context)
        if arguments[0] not in known and not arguments[0].startswith("-"):
            raise click.UsageError(f"No such command {arguments[0]!r}{suggest_name(arguments[0], known)}.", context)
        return super().resolve_command(context, arguments)
