"""What has to be done before anything is served: catalogues, tables, guards, static files. A process of its own.

`python -m coopwerf.conf.prepare DATA_DIR` prints `{"applied", "catalogues", "static"}`, or a refusal as commands do.
"""

import hashlib
import json
import sys
from pathlib import Path

from .catalogues import compile_catalogues
from .cli import REFUSED, close_connections, complain, refusal_of
from .database import ensure_web_role
from .embedded import Places
from .environment import prepare_environment

STAMP = ".collected"


def prepare(places: Places) -> dict[str, object]:
    """Bring this installation up to date. The database answers already."""
    compiled = compile_catalogues()
    ensure_web_role(places)
    prepare_environment(places, role="owner")
    import django

    django.setup()
    from .migrate import migrate

    try:
        return {**migrate(), "catalogues": compiled, "static": collect_static()}
    finally:
        close_connections()


def collect_static() -> bool:
    """Collect the static files when one of them has changed; tell whether it was done."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    seen = hashlib.sha256(str(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            facts = Path(storage.path(name)).stat()
            seen.update(f"{name}:{facts.st_size}:{facts.st_mtime_ns}\n".encode())
    root = Path(settings.STATIC_ROOT)
    stamp = root / STAMP
    if stamp.exists() and stamp.read_text(encoding="ascii") == seen.hexdigest():
        return False
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(seen.hexdigest(), encoding="ascii")
    return True


if __name__ == "__main__":
    try:
        print(json.dumps(prepare(Places.of(sys.argv[1]))))
    except Exception as error:
        complain(refusal_of(error))
        sys.exit(REFUSED)
