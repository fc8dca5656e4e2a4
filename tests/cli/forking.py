"""``guitai``, loaded once and forked for each line of words: the same main, streams and exit status, without the start.

Reads a line of JSON (words, folder, environment, files for the two streams), answers with a line: the exit status.
"""

import atexit
import gc
import json
import os
import sys
from typing import NoReturn

import guitai
import server.main  # noqa: F401 - what takes longest to load


def main() -> int:
    gc.freeze()  # what is loaded is nobody's garbage: not one page of it is copied to look
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if child == 0:
            _end(_become(asked))
        _, ended = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(ended)}\n")
        sys.stdout.flush()
    return 0


def _become(asked: dict[str, object]) -> int:
    """Be a process that somebody started with these words there."""
    os.chdir(str(asked["folder"]))
    os.environ.clear()
    os.environ.update(dict(asked["environment"]))  # type: ignore[call-overload]
    for number, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(str(asked[name]), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    words = list(asked["words"])  # type: ignore[call-overload]
    return guitai.main(words)


def _end(status: int) -> NoReturn:
    """As Python ends, but for taking apart, module by module, what a thousand files have loaded."""
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    sys.exit(main())
