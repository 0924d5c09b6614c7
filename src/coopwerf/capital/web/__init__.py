"""Addresses, views and forms of capital."""
