"""Revisions in order; a revision is never changed once released."""
