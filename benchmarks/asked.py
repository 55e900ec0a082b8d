"""How a benchmark is asked: one kind of command line for all, with --help, that names what it can be asked for."""

import argparse
from collections.abc import Callable, Collection


def one_of(names: Collection[str]) -> Callable[[str], str]:
    """Return what takes a name of these, and refuses another with the list of them."""

    def named(name: str) -> str:
        if name not in names:
            raise argparse.ArgumentTypeError(f"there is no {name}; there are {', '.join(names)}")
        return name

    return named


def command_line(module: str, described: str | None, parts: Collection[str] = ()) -> argparse.ArgumentParser:
    """Return the parser of `python -m MODULE`; with `parts` the command takes some of them, none meaning all."""
    parser = argparse.ArgumentParser(
        prog=f"python -m {module}",
        description=described,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    if parts:
        told = f"some of {', '.join(parts)}; without any, all"
        parser.add_argument("parts", nargs="*", metavar="PART", type=one_of(parts), help=told)
    return parser
