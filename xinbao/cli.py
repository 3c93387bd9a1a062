"""The command `xinbao`. Each sub-command is a module, loaded when it is called."""

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

MODULES = {
    "up": "xinbao.up",
    "serve": "xinbao.serve",
    "migrate": "xinbao.migrate",
    "init": "xinbao.presets",
    "demo": "xinbao.demo",
    "import": "xinbao.imports",
    "circular": "xinbao.circulars",
    "user": "xinbao.users",
    "token": "xinbao.tokens",
    "assets": "xinbao.assets",
    "config": "xinbao.configuration",
    "doctor": "xinbao.doctor",
}


class Modules(TyperGroup):
    """Sub-commands by name, in the order in which an administrator meets them."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 -- Typer's own signature
        return list(MODULES)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 -- as above
        if cmd_name not in MODULES:
            return None
        command = get_command(import_module(MODULES[cmd_name]).app)
        command.name = cmd_name
        return command


app = typer.Typer(
    cls=Modules, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)


@app.callback()
def main() -> None:
    """信报：县级新闻宣传和信息报送。 / Xinbao: a county's news-publicity and information reporting.

    设置由环境变量给出，见 `xinbao config check`。退出码：0 成功，1 未成功，2 输入、设置或环境有误。

    Settings are environment variables, see `xinbao config check`.
    Exit codes: 0 success, 1 not succeeded, 2 wrong input, settings or surroundings.
    """
