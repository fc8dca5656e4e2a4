"""What must not stand in the source: registry hosts, machine paths, unfinished places."""

import re
import subprocess
from pathlib import Path

FORBIDDEN = {
    "a registry host": re.compile(r"pypi\.org|pythonhosted|registry\.npmjs|deb\.debian\.org", re.I),
    "an absolute path of somebody's machine": re.compile(r"(?<![\w.])/(?:work|root|home/\w+)/[\w.]"),
    "an unfinished place": re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b"),
}


def test_no_forbidden_words_in_tracked_text(project: Path) -> None:
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=project, capture_output=True, check=True).stdout.decode()
    wrong = []
    for name in filter(None, tracked.split("\0")):
        path = project / name
        if (
            path.suffix not in {".py", ".md", ".toml", ".txt", ".lock", ""}
            or path == Path(__file__)
            or not path.is_file()
        ):
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        wrong += [f"{name}: {what}: {m.group()}" for what, rx in FORBIDDEN.items() for m in rx.finditer(text)]
    assert not wrong, "\n".join(wrong[:40])
