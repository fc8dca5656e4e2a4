"""Finding a font that has Chinese letters, by asking fontconfig."""

import functools
import subprocess

from PIL import ImageFont


@functools.lru_cache(maxsize=64)
def font(size: int, family: str = "Noto Sans CJK SC", style: str = "Regular") -> ImageFont.FreeTypeFont:
    """The installed font nearest to ``family``, ``size`` pixels high.

    Raises:
        RuntimeError: fontconfig is missing or knows no font that covers Chinese.
    """
    pattern = f"{family}:style={style}:lang=zh-cn"
    try:
        answer = subprocess.run(
            ["fc-match", "-f", "%{file}\n%{index}\n%{lang}", pattern],
            capture_output=True,
            text=True,
            check=True,
            timeout=30,
        ).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise RuntimeError("fontconfig (fc-match) does not run; install fontconfig and fonts-noto-cjk") from error
    file, index, languages = answer.split("\n", 2)
    if "zh-cn" not in languages:
        raise RuntimeError("no font with Chinese letters is installed; install fonts-noto-cjk")
    return ImageFont.truetype(file, size, index=int(index))
