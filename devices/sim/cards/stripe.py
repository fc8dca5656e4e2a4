"""What the tracks of a magnetic stripe can carry, by ISO/IEC 7811-6; sentinels and check character are the device's."""

import re

# Of the letters' track, the characters kept for hardware control carry nothing; "^" separates. The digits' tracks
# know but digits and the separator "=".
_TRACKS = {
    "track1": re.compile(rb"[ #$()\-./0-9A-Z\[\\\]^]{1,76}"),
    "track2": re.compile(rb"[0-9=]{1,37}"),
    "track3": re.compile(rb"[0-9=]{1,104}"),
}


def fits(track: str, data: bytes) -> bool:
    """Whether these are characters of that track, at least one, and not too many."""
    return _TRACKS[track].fullmatch(data) is not None
