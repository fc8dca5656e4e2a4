"""A case: one customer's run through one scenario, with everything gathered on the way."""
