"""Drawings of a count: how each kind lays out its shapes on the paper."""
