"""What `coopwerf up` has Granian serve: the application, with what belongs to this way of serving it.

Other servers take `coopwerf.conf.asgi:application`.
"""

import gc
import multiprocessing
import os
import signal
import warnings
from typing import Any

from django.urls import get_resolver
from granian.utils.proxies import wrap_asgi_with_proxy_headers

from .asgi import application as plain
from .embedded.identity import stop_with_parent


def _end_with_main_process() -> None:
    # Granian's workers outlive their main process and go on serving the port; one may still be on its way here then.
    main = multiprocessing.parent_process()
    prepare = None if main is None else stop_with_parent(signal.SIGKILL, parent=main.pid)
    if prepare is not None:
        prepare()


_end_with_main_process()


def _spare_what_stays() -> None:
    """Keep the garbage collector from looking through the whole application every few pages."""
    get_resolver().url_patterns  # noqa: B018  # loads every view, which the first page would do
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


_spare_what_stays()

# WhiteNoise hands out files through a thread; Django says so at the first one, and nobody at the terminal can help it.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")

# A proxy in front of us says how it was asked (https, from where); only these are believed.
_trusted = os.environ.get("COOPWERF_TRUSTED_PROXIES", "127.0.0.1").split(",")
application: Any = wrap_asgi_with_proxy_headers(plain, trusted_hosts=_trusted)
