"""The acceptor of cheques and certificates (interfaces Check and Storage)."""
