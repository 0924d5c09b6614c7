"""The components as template tags, one module per topic; `templatetags/ui.py` puts them together."""
