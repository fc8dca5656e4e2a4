"""The physical truth of the simulated machine, and the customer in front of it. Knows no messages."""
