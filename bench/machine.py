"""Our own processes: commands run to their end, an `up` that serves, and what all of it weighs."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src"


def environment(**more: str) -> dict[str, str]:
    """Return the environment of a command of ours, without what somebody set for another installation."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("COOPWERF_", "DJANGO_", "DATABASE_"))}
    return {**kept, "PYTHONPATH": f"{SOURCE}{os.pathsep}{ROOT}", **more}


def timed(
    *words: str | Path,
    data_dir: Path | None = None,
    out: Path | None = None,
    codes: Collection[int] = (0,),
    **more: str,
) -> tuple[float, subprocess.CompletedProcess[str]]:
    """Run a command to its end; return how long it took, from start to end, and what it said."""
    command = [str(word) for word in words]
    if data_dir is not None:
        command += ["--data-dir", str(data_dir)]
    with contextlib.ExitStack() as stack:
        stdout = stack.enter_context(out.open("w")) if out is not None else subprocess.PIPE
        began = time.perf_counter()
        done = subprocess.run(
            command, env=environment(**more), stdout=stdout, stderr=subprocess.PIPE, text=True, cwd=ROOT, check=False
        )
        took = time.perf_counter() - began
    if done.returncode not in codes:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()[-800:]}")
    return took, done


def coopwerf(
    *words: str | Path, data_dir: Path, out: Path | None = None, codes: Collection[int] = (0,)
) -> tuple[float, Any]:
    """Run `coopwerf …`; return how long it took, and what it answered in JSON (None where it went to a file).

    It may end with any of `codes`: a finding is an answer too.
    """
    took, done = timed(sys.executable, "-m", "coopwerf", *words, data_dir=data_dir, out=out, codes=codes)
    return took, None if out is not None or not done.stdout else json.loads(done.stdout.strip().splitlines()[-1])


def best(times: int, run: Any) -> float:
    """Return the shortest of several times: what the machine can do when nobody else disturbs it."""
    return min(run() for _ in range(times))


def free_port() -> int:
    """Return a port that nobody uses."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


@contextlib.contextmanager
def serving(command: Sequence[str], port: int, **more: str) -> Iterator[tuple[float, psutil.Process]]:
    """Start an installation, wait for its first page, and stop it afterwards; gives how long that took."""
    began = time.perf_counter()
    process = subprocess.Popen(
        list(command),
        env=environment(**more),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        start_new_session=True,
    )
    try:
        while not answers(port):
            if process.poll() is not None:
                raise RuntimeError("the installation doesn't start")
            if time.perf_counter() - began > 300:
                raise RuntimeError("the installation doesn't answer within five minutes")
            time.sleep(0.02)
        yield time.perf_counter() - began, psutil.Process(process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(60)
        process.kill()
        process.wait()


def up(data_dir: Path, port: int) -> list[str]:
    """Return the command that serves a data directory."""
    return [sys.executable, "-m", "coopwerf", "up", "--port", str(port), "--data-dir", str(data_dir)]


def answers(port: int) -> bool:
    """Tell whether a first page comes."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as line:
        try:
            line.request("GET", "/", headers={"Host": "localhost"})
            return line.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False


def wait_until_idle(root: psutil.Process, seconds: float = 300) -> None:
    """Wait until the background work that earlier measures left is done: welcome mails, certificates."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        before = _cpu(root)
        time.sleep(3)
        if _cpu(root) - before < 0.15:
            return


def _cpu(root: psutil.Process) -> float:
    spent = 0.0
    for one in root.children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            times = one.cpu_times()
            spent += times.user + times.system
    return spent


def weights(root: psutil.Process, data_dir: Path) -> dict[str, float]:
    """Return the proportional memory of every process of an installation, in MB, by what it is."""
    told: dict[str, float] = {}
    for one in _processes(root, data_dir):
        with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            what = _what(one)
            told[what] = told.get(what, 0.0) + one.memory_full_info().pss / 1e6
    return told


def spent(root: psutil.Process, data_dir: Path) -> dict[str, float]:
    """Return how many seconds of a processor the processes of an installation have used so far, by what they are."""
    told: dict[str, float] = {}
    for one in _processes(root, data_dir):
        with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            times, what = one.cpu_times(), _what(one)
            told[what] = told.get(what, 0.0) + times.user + times.system
    return told


def _processes(root: psutil.Process, data_dir: Path) -> list[psutil.Process]:
    found: dict[int, psutil.Process] = {one.pid: one for one in [root, *root.children(recursive=True)]}
    keeper = json.loads((data_dir / "run" / "keeper.json").read_text(encoding="utf-8"))
    for name in ("keeper", "postgres"):
        with contextlib.suppress(psutil.NoSuchProcess, KeyError):
            one = psutil.Process(keeper[name])
            found.update({each.pid: each for each in [one, *one.children(recursive=True)]})
    return list(found.values())


def _what(one: psutil.Process) -> str:
    line = " ".join(one.cmdline())
    if "postgres" in one.name():
        return "postgres"
    if "conf.worker" in line:
        return "worker"
    if "granian" in line or "multiprocessing" in line:
        return "web"
    return "keeper" if "keeper" in line else "up"
