"""`graylit completion`: what makes a shell complete the command."""

from __future__ import annotations

import click


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(context: click.Context, shell: str) -> None:
    """Print what makes a shell complete commands and options.

    \b
    bash: echo 'eval "$(graylit completion bash)"' >> ~/.bashrc
    zsh:  echo 'eval "$(graylit completion zsh)"' >> ~/.zshrc
    fish: graylit completion fish > ~/.config/fish/completions/graylit.fish
    """
    from click.shell_completion import get_completion_class

    completion = get_completion_class(shell)
    assert completion is not None, shell
    print(completion(context.find_root().command, {}, "graylit", "_GRAYLIT_COMPLETE").source())
