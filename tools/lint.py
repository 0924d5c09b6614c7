"""Run our own rules over the source, as `make lint` does: `python -m tools.lint`."""

import sys

from . import code_rules, template_rules, text_rules
from .findings import Finding


def findings() -> list[Finding]:
    """Return everything that breaks a rule of ours."""
    return sorted({*code_rules.findings(), *template_rules.findings(), *text_rules.findings()})


def main() -> int:
    """Print every finding; return 1 when there is one."""
    found = findings()
    for finding in found:
        print(finding)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
