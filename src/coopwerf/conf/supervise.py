"""Child processes that are started again whenever they end."""

import contextlib
import logging
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence

from .embedded.identity import stop_with_parent

log = logging.getLogger(__name__)

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
# Whoever has run this long is in good health: the next pause is short again.
STABLE_SECONDS = 60.0


class Child:
    """Keep one process running, in a session of its own, with growing pauses between starts.

    The kernel sends it `if_orphaned` when we die, however we die (Linux).
    """

    def __init__(
        self, name: str, command: Sequence[str], environment: Mapping[str, str], *, if_orphaned: signal.Signals
    ) -> None:
        self.name = name
        self.command = list(command)
        self.environment = dict(environment)
        self.if_orphaned = if_orphaned
        self.starts = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._began = 0.0
        self._pause = FIRST_PAUSE
        self._next_start = 0.0

    @property
    def pid(self) -> int | None:
        """The number of the running process."""
        return self._process.pid if self._process else None

    def tend(self) -> None:
        """Start the process when it doesn't run and its pause is over."""
        now = time.monotonic()
        if self._process is not None:
            code = self._process.poll()
            if code is None:
                return
            # What it left behind would go on serving, or hold the port.
            self._end_group(signal.SIGKILL)
            self._pause = FIRST_PAUSE if now - self._began > STABLE_SECONDS else min(self._pause * 2, LONGEST_PAUSE)
            self._next_start = now + self._pause
            self._process = None
            log.warning("%s ended (%s), starts again in %.1f s", self.name, code, self._pause)
        if now >= self._next_start:
            self._began = now
            self.starts += 1
            self._process = subprocess.Popen(
                self.command,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                preexec_fn=stop_with_parent(self.if_orphaned),
            )

    def ask_to_stop(self) -> None:
        """Send SIGTERM."""
        if self._process is not None and self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGTERM)

    def wait(self, seconds: float) -> None:
        """Wait for its end, and make one when it takes longer."""
        if self._process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        self._end_group(signal.SIGKILL)
        self._process.wait()
        self._process = None

    def _end_group(self, sig: signal.Signals) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, sig)
