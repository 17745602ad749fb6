"""The `graylit` command: its verbs by stage, each loaded when it is asked for."""

from __future__ import annotations

import importlib
from dataclasses import dataclass

import click

from graylit.runs.endings import end_plainly, open_streams
from graylit.runs.groups import SuggestingGroup
from graylit.runs.places import HOUSE


@dataclass(frozen=True)
class Verb:
    """One command: where it stands in the help, the module of graylit.commands that it is in, and its one line."""

    stage: str
    module: str
    help: str
    is_hidden: bool = False


IN_A_CLONE = "in a clone"
STAGES = ("begin", "find", "decide", "make", "publish", "keep", IN_A_CLONE)
VERBS = {
    "new": Verb("begin", "new", "Start a study of your own in a new folder."),
    "check": Verb("begin", "check", "Check the config and every table that people write."),
    "completion": Verb("begin", "completion", "Print what makes a shell complete commands and options."),
    "find": Verb("find", "find", "Make candidates of the hits of searches, whatever the file."),
    "collect": Verb("find", "collect", "Capture the pages of sources, from archives and the web."),
    "verify": Verb("find", "verify", "Reread every captured record against its digest."),
    "desk": Verb("decide", "desk", "Open the page on which you decide: screen, code, settle."),
    "status": Verb("decide", "status", "Say what is open, by stage and person."),
    "code": Verb("decide", "desk", "Open the page on which you decide: screen, code, settle.", is_hidden=True),
    "ask": Verb("decide", "ask", "Have a model decide, and record every call."),
    "sample": Verb("decide", "sample", "Draw a sample of segments for people to code."),
    "anchor": Verb("decide", "anchor", "Fill in where codings sit, from segments or quoted words."),
    "review": Verb("make", "review", "Run the review, from captures or the frozen corpus."),
    "open": Verb("make", "open", "Open the report, the audit pages or the public site of the last review."),
    "trace": Verb("make", "trace", "Follow guidelines to their words and captures."),
    "compare": Verb("make", "compare", "Hold the study beside another state of it."),
    "freeze": Verb("publish", "freeze", "Freeze the study, so that anybody can replay it."),
    "export": Verb("publish", "export", "Write the review for papers, archives and other tools."),
    "import": Verb("publish", "imports", "Take over plain tables, a project coded elsewhere, or a sorter's answer."),
    "update": Verb("keep", "update", "Search and capture again: what is new, lost, changed."),
    "state": Verb("keep", "state", "Copy the tables as they stood at a date."),
    "seal": Verb("keep", "seal", "Copy the tables without quoted words, for publication."),
    "share": Verb("keep", "share", "Bundle captures for colleagues, privately."),
    "tidy": Verb("keep", "tidy", "Write tables as all programs read them, whatever a spreadsheet made of them."),
    "clean": Verb("keep", "clean", "Remove what the review made; captures and tables stay."),
    "bench": Verb(IN_A_CLONE, "bench", "Run a benchmark."),
    "lint": Verb(IN_A_CLONE, "lint", "Check the style and the types of the program."),
}


FOLDER = click.Path(file_okay=False)  # for shells, which complete it; whether it is a study is seen later


class LazyGroup(SuggestingGroup):
    """A group that imports the module of a command when the command is asked for, and not for the list of all."""

    def list_commands(self, context: click.Context) -> list[str]:
        """Return the names of the commands, stage by stage."""
        is_clone = (HOUSE / "benchmarks").is_dir()
        return [name for name, verb in VERBS.items() if is_clone or verb.stage != IN_A_CLONE]

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Return a command of a name; None if there is none."""
        if name not in self.list_commands(context):
            return None
        module = importlib.import_module(f"graylit.commands.{VERBS[name].module}")
        command: click.Command = module.command
        return command

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands under the stages of a review."""
        listed = self.list_commands(context)
        widest = max(map(len, listed))  # of all stages, so that their lines begin in one column
        for stage in STAGES:
            rows = [(n, VERBS[n].help) for n in listed if VERBS[n].stage == stage and not VERBS[n].is_hidden]
            if rows:
                with formatter.section(stage.capitalize()):
                    formatter.write_dl([(f"{name:<{widest}}", line) for name, line in rows])

    def invoke(self, context: click.Context) -> object:
        """Run the command; a mistake of its user ends in a message and an exit code."""
        with end_plainly():
            return super().invoke(context)


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "-C", "folder", type=FOLDER, metavar="FOLDER", default="", help="The study's folder; else the one you are in."
)
@click.version_option(package_name="graylit", message="%(prog)s %(version)s")
@click.pass_context
def graylit(context: click.Context, folder: str) -> None:
    """Make a gray-literature review reproducible, from web sources to guidelines.

    A study is a folder with config/config.yaml. Commands work on the one that you are in, or on that of -C.
    """
    context.obj = folder


def main() -> None:
    """Run the command."""
    open_streams()
    graylit(prog_name="graylit")
