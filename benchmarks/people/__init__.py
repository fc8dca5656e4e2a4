"""A bank and the people at it, for benchmarks and tests: by method calls, or over real processes."""
