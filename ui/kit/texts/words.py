"""What a widget is told to show: data as it is, or a code to be looked up in the present language."""

from dataclasses import dataclass, field
from typing import Any, TypeAlias


@dataclass(frozen=True)
class T:
    """A text by code; parameters may be texts themselves."""

    code: str
    params: dict[str, Any] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((self.code, tuple(sorted((k, str(v)) for k, v in self.params.items()))))


Words: TypeAlias = str | T


def t(code: str, **params: Any) -> T:
    """A text by its stable code: ``t("teller.characters_unclear", n=1)``."""
    return T(code, params)
