"""`python -m coopwerf` is the command `coopwerf`."""

import sys

from coopwerf.conf.cli import main

sys.exit(main())
