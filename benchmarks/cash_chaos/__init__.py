"""Random deposits and payouts, random faults, and power cuts of every process at random moments."""
