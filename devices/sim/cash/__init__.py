"""The cash recycler: one mechanism behind CashDispenser, CashAcceptor, CashManagement and Storage."""
