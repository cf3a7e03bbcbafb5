"""The commands. Each module has one family; slices are imported when a command runs, so that --help is quick."""

import sys
from collections.abc import Sequence

import typer

from salescompass.cli import care, data, run, tenants, testing
from salescompass.cli.output import DONE, WRONG, failure_of

app = typer.Typer(
    name="compass",
    help="SalesCompass: what happened with whom, and what to do next.",
    epilog="Example: ./compass run --port 8000",
    no_args_is_help=True,
    context_settings={"max_content_width": 110},
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
for family in (run, testing, care, tenants, data):
    family.register(app)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = app(args=given, prog_name="compass", standalone_mode=False)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return DONE
    except Exception as error:
        failure = failure_of(error)
        if type(error).__name__ == "NoArgsIsHelpError":
            print(failure.message)
            return WRONG
        if "--json" in given:
            print(failure.as_json(), flush=True)
        else:
            print(failure.message, file=sys.stderr, flush=True)
        return failure.exit_code
    return code if isinstance(code, int) else DONE
