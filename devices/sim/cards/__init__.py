"""Everything that moves things of a card's size: the card reader, the dispenser of new cards, that of U-keys."""
