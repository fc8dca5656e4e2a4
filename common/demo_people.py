"""The invented people of the demo bank: its customers, who comes to be one, and what their specimen cards say.

Server and tools share them.

Numbers begin with 999999, a region that GB/T 2260 does not assign, so no number here can be anybody's.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Person:
    """What the two sides of a resident identity card say."""

    name: str
    sex: str
    nation: str
    birth: date
    address: str
    id_number: str
    authority: str
    valid_from: date
    valid_to: date | None
    """None: long-term (长期)."""

    def front(self) -> dict[str, str]:
        """The fields of the front as a reader should give them."""
        return {
            "name": self.name,
            "sex": self.sex,
            "nation": self.nation,
            "birth": self.birth.isoformat(),
            "address": self.address,
            "id_number": self.id_number,
        }

    def back(self) -> dict[str, str]:
        """The fields of the back as a reader should give them."""
        return {
            "authority": self.authority,
            "valid_from": self.valid_from.isoformat(),
            "valid_to": self.valid_to.isoformat() if self.valid_to else "长期",
        }


CUSTOMER = Person(
    name="顾南枝",
    sex="女",
    nation="汉",
    birth=date(1990, 3, 7),
    address="云溪市青禾区梧桐路17号3幢602室",
    id_number="999999199003070426",
    authority="云溪市公安局青禾分局",
    valid_from=date(2016, 5, 20),
    valid_to=date(2036, 5, 20),
)

OLDER_CUSTOMER = Person(
    name="方予安",
    sex="男",
    nation="汉",
    birth=date(1961, 8, 19),
    address="云溪市东湖区文昌街道杏林巷42号",
    id_number="999999196108190359",
    authority="云溪市公安局东湖分局",
    valid_from=date(2011, 9, 1),
    valid_to=None,
)

NEWCOMER = Person(
    name="许知远",
    sex="男",
    nation="汉",
    birth=date(1988, 5, 12),
    address="云溪市东湖区文昌街道9号",
    id_number="999999198805120419",
    authority="云溪市公安局东湖分局",
    valid_from=date(2016, 5, 20),
    valid_to=date(2036, 5, 20),
)
"""Comes to open an account: the bank does not know him yet."""
