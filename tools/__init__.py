"""Our own checks of the source: contracts for import-linter, and what keeps the catalogues complete."""
