"""The merged form of a case: fields as data, checks as pure functions, comparison of sources."""
