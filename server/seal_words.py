"""The words of ``guitai seal``; light, because every command of the house reads them."""

import argparse
from collections.abc import Callable
from typing import Any

from common.commandline import named_path

ROLES = ("teller", "authoriser", "*")
TEXTS = ("voucher", "reprint", "void", "statement", "certificate", "*")
FORBID = "forbid"


def add(
    commands: Any,
    common: argparse.ArgumentParser,
    parser: type[argparse.ArgumentParser],
    address: Callable[[str], dict[str, Any]],
) -> None:
    """``seal list`` and ``seal set``."""
    seal = commands.add_parser("seal", help="who may seal which text with whose seal").add_subparsers(
        dest="seal_command", metavar="COMMAND", required=True, parser_class=parser
    )
    listed = seal.add_parser("list", help="every parameter in force", parents=[common])
    change = seal.add_parser("set", help="permit, move between branch and centre, forbid", parents=[common])
    change.add_argument("--role", choices=ROLES, default="*")
    change.add_argument("--branch", default="*", metavar="NAME", help="default: every branch")
    change.add_argument("--text", choices=TEXTS, default="*")
    change.add_argument("--place", choices=["branch", "centre", FORBID], required=True, help="whose seal")
    for one in (listed, change):
        one.add_argument("--server", type=address, metavar="URL", help="default: http://127.0.0.1:8600")
        one.add_argument("--login", default="ADMIN", help="an administrator")
        one.add_argument("--credentials", type=named_path, metavar="FILE", help="with its password; none: it is asked")
        one.set_defaults(does="seal")
