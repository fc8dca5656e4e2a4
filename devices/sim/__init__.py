"""The simulated VTM: an XFS4IoT service host over a small physical world."""
