"""The remote authoriser's window: looks at what a teller submitted and says yes, no or not yet."""
