"""Simulated authorities: HTTP services of their own, on the far side of a real wire."""
