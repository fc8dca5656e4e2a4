"""A video call between two processes, measured beside a bare aiortc loop in the same run.

``python -m benchmarks.call --seconds 10 --json``. Both calls carry the same animated 1280x720 pictures at
30 fps with time codes, and the same clicks, both ways, at the same bit rates; each side "paints" 60 times
a second. Latency is from the moment a picture is drawn (a click is spoken) to the moment it is decoded
and painted (heard). The clock is the machine's monotonic one. ``ratios`` are ours divided by bare.
"""

import argparse
import asyncio
import json
import sys
from typing import Any

from benchmarks.parties import PartyProcess
from common.commandline import OneLineParser


async def one_call(kind: str, options: argparse.Namespace) -> dict[str, Any]:
    common = ["--kind", kind, "--seconds", str(options.seconds), "--warm-up", str(options.warm_up)]
    common += ["--sound", options.sound, "--width", str(options.width), "--height", str(options.height)]
    common += ["--data"] if options.data and kind == "ours" else []
    answerer = await PartyProcess.start("--role", "answerer", *common)
    offerer = await PartyProcess.start("--role", "offerer", *common)

    async def side(me: PartyProcess, other: PartyProcess) -> dict[str, Any]:
        async def relay(message: dict[str, Any]) -> None:
            if message["type"] == "description":
                other.tell(message)

        return await me.until("result", relay)

    try:
        async with asyncio.timeout(options.seconds + 60):
            results = await asyncio.gather(side(offerer, answerer), side(answerer, offerer))
    finally:
        await offerer.close()
        await answerer.close()
    return {"teller": results[0], "customer": results[1]}


def _worst(call: dict[str, Any], *path: str) -> float | None:
    """The worse of the two sides."""
    found = []
    for side in call.values():
        value: Any = side
        for key in path:
            value = value.get(key) if value is not None else None
        if value is not None:
            found.append(float(value))
    return max(found) if found else None


def _cores(call: dict[str, Any]) -> float:
    return max(float(side["cpu_s"]) / float(side["wall_s"]) for side in call.values())


def _ratios(ours: dict[str, Any], bare: dict[str, Any]) -> dict[str, float | None]:
    out: dict[str, float | None] = {"cpu": round(_cores(ours) / _cores(bare), 3)}
    for name in ("decode_ms", "display_ms", "sound_ms"):
        for share in ("p50", "p95"):
            mine, theirs = (_worst(call, "figures", name, share) for call in (ours, bare))
            out[f"{name}_{share}"] = round(mine / theirs, 3) if mine is not None and theirs else None
    return out


async def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Both calls one after the other, so that neither disturbs the other."""
    bare = await one_call("bare", options)
    ours = await one_call("ours", options)
    return {
        "size": [options.width, options.height],
        "seconds": options.seconds,
        "ours": ours,
        "bare": bare,
        "ratios": _ratios(ours, bare),
    }


def _print(result: dict[str, Any]) -> None:
    for name in ("bare", "ours"):
        for side, one in result[name].items():
            figures = one["figures"]
            print(f"{name} {side}: {one['cpu_s'] / one['wall_s']:.2f} cores, {one['peak_mb']} MB")
            print(f"  set-up {figures['setup_ms']} ms")
            print(f"  {figures['fps_decoded']} fps, decode {figures['decode_ms']}")
            print(f"  display {figures['display_ms']}\n  sound ({figures['sound_path']}) {figures['sound_ms']}")
    print("ours / bare:", result["ratios"])


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = OneLineParser(prog="python -m benchmarks.call", description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--warm-up", type=float, default=2.0, help="seconds before the measuring begins")
    parser.add_argument("--width", type=int, default=1280)
    parser.add_argument("--height", type=int, default=720)
    parser.add_argument("--sound", choices=("none", "auto"), default="none", help="auto: a real sound device if any")
    parser.add_argument("--data", action="store_true", help="beside our call a 40 kB message twice a second each way")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> int:
    """Run and print."""
    options = arguments(argv)
    result = asyncio.run(measure(options))
    if options.json:
        json.dump(result, sys.stdout, indent=1)
        print()
    else:
        _print(result)
    return 0


if __name__ == "__main__":
    sys.exit(main())
