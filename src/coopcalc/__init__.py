"""Everything in a co-operative that is decided by arithmetic: pure Python, no web, no database, no clock, no floats."""
