"""The command's door: what goes wrong becomes one clear line and an exit code."""

import sys

from domain.kit.errors import DomainError
from domain.kit.settings import BadSetting
from domain.kit.text import refusal
from xinbao.cli import app
from xinbao.say import Stop, err, line

WRONG_INPUT = 2
INTERRUPTED = 130


def main() -> None:
    """Run the command. Exit codes: 0 success, 1 not succeeded, 2 wrong input or surroundings."""
    try:
        app(prog_name="xinbao")
    except BadSetting as error:
        sys.exit(_give_up(bad_setting(error), WRONG_INPUT))
    except Stop as stop:
        sys.exit(_give_up(str(stop), stop.exit_code))
    except DomainError as error:
        sys.exit(_give_up(f"{refusal(error, 'zh')} / {refusal(error, 'en')}", 1))
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def bad_setting(error: BadSetting) -> str:
    """Which variable, and what it should hold."""
    code = f"bad-{error.variable.lower()}".replace("_", "-")
    if error.kind == "one-server-only":
        code = "one-server-only"
    return line(code, variable=error.variable)


def _give_up(sentence: str, exit_code: int) -> int:
    err.print(sentence, style="red", markup=False)
    return exit_code


if __name__ == "__main__":
    main()
