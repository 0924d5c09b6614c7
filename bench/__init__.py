"""How fast and how big: `make bench` measures what we promise, on this machine, and writes bench.json."""
