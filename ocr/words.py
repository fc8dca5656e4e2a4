"""Readings and matches in plain lines, for the command line without ``--json``."""

from collections.abc import Mapping
from typing import Any


def reading_in_words(reading: Mapping[str, Any]) -> str:
    """One document: what it is, a line for each field, a line for each finding.

    Args:
        reading: the object that ``guitai ocr read --json`` prints.
    """
    what = f"{reading['kind']} {reading['side']}" if reading["kind"] else "no document read"
    width = max((len(name) for name in reading["fields"]), default=0)
    lines = [f"{reading['file']}: {what}"]
    for name, field in reading["fields"].items():
        mark = "  unsure: compare with the picture" if field["unsure"] else ""
        lines.append(f"  {name:<{width}}  {field['value']}  {field['confidence']:.0%}{mark}")
    return "\n".join([*lines, *_findings(reading)])


def match_in_words(answer: Mapping[str, Any]) -> str:
    """One comparison: the decision with the figures it rests on, a line for each finding.

    Args:
        answer: the object that ``guitai face match --json`` prints.
    """
    first, second = answer["faces"]
    if answer["distance"] is None:
        head = f"not compared: {first} faces in the first picture, {second} in the second"
    else:
        head = f"{'the same person' if answer['same'] else 'not the same person'}: "
        head += (
            f"score {answer['score']:.1f} of 100, needed {answer['threshold']:.1f}, distance {answer['distance']:.3f}"
        )
    return "\n".join([head, *_findings(answer)])


def _findings(answer: Mapping[str, Any]) -> list[str]:
    return [f"  ! {finding['text']} [{finding['code']}]" for finding in answer["findings"]]
