"""The demo: the whole counter on one machine, and the player that serves a customer by itself."""
