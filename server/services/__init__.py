"""Use cases of the server: one service an area, synchronous, one transaction a command."""
