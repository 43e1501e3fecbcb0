"""What a class needs: learners at a real JupyterHub on this machine log in, fetch the lessons and run notebooks 01 to 05, all at once.

`python benchmarks/classroom.py [learners]` (8 if left out). Each learner leaves all five notebooks open, as learners do, so the memory
is that of the end of a morning. Memory is PSS: what several processes share is counted once, divided among them. From these figures
follows the machine for 30 and for 200 learners.
"""

import asyncio
import math
import os
import statistics
import sys
import tempfile
import threading
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "deploy"))
from rehearsal import Hub, Learner, local_repository, work_through  # noqa: E402

NOTEBOOKS = [path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "notebooks").glob("0[1-5]-*.ipynb"))]
MB = 2**20
#: So many seconds may a class wait when everybody runs a whole notebook in the same moment.
PATIENCE = 60
#: Kept free: for the operating system, and a quarter for cells that are not in the lessons.
SYSTEM, AIR = 1024 * MB, 1.25


def main(n=8):
    names = [f"learner-{number:02d}" for number in range(1, n + 1)]
    print(f"{n} learners at once on {os.cpu_count()} cores; load before: {os.getloadavg()[0]:.1f}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        with Hub(names, local_repository(folder)) as hub, Watch(hub) as watch:
            results = asyncio.run(_class(hub, names))
            of_the_hub = sum(_use(process)["pss"] for process in hub.own_processes())
            in_the_end = {name: [_use(process) for process in found] for name, found in hub.processes().items()}
    _print_times(results)
    _print_needs(watch.peaks, in_the_end, of_the_hub)


async def _class(hub, names):
    learners = [Learner(hub, name) for name in names]
    try:
        return await asyncio.gather(*(work_through(learner, NOTEBOOKS) for learner in learners))
    finally:
        await asyncio.gather(*(learner.close() for learner in learners))


class Watch(threading.Thread):
    """The most memory that each learner's processes held together, looked at every few seconds."""

    def __init__(self, hub, every=4):
        super().__init__(daemon=True)
        self.hub, self.every, self.peaks, self.over = hub, every, {}, threading.Event()

    def run(self):
        while not self.over.wait(self.every):
            for name, processes in self.hub.processes().items():
                self.peaks[name] = max(self.peaks.get(name, 0), sum(_use(process)["pss"] for process in processes))

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *exception):
        self.over.set()
        self.join()


def _use(process):
    """Memory in bytes and seconds of computing of a process, none if it is gone."""
    try:
        memory, clock = process.memory_full_info(), process.cpu_times()
        kernel = "ipykernel_launcher" in process.cmdline()
        return {"pss": memory.pss, "rss": memory.rss, "seconds": clock.user + clock.system, "kernel": kernel}
    except psutil.Error:
        return {"pss": 0, "rss": 0, "seconds": 0.0, "kernel": False}


def _print_times(results):
    errors = [error for _, runs in results for run in runs for error in run.errors]
    print(f"cells run: {sum(run.cells for _, runs in results for run in runs)}, errors: {len(errors)}")
    if errors:
        sys.exit("\n".join(errors[:5]))
    waits = [wait for wait, _ in results]
    print(f"{'from login to lessons':32} median {statistics.median(waits):5.1f} s   slowest {max(waits):5.1f} s")
    for number, notebook in enumerate(NOTEBOOKS):
        seconds = [runs[number].seconds for _, runs in results]
        name = Path(notebook).stem
        print(f"{name:32} median {statistics.median(seconds):5.1f} s   slowest {max(seconds):5.1f} s")


def _print_needs(peaks, in_the_end, hub):
    kernels = [use for uses in in_the_end.values() for use in uses if use["kernel"]]
    servers = [use for uses in in_the_end.values() for use in uses if not use["kernel"]]
    for name, uses in (("a server", servers), ("an open notebook", kernels)):
        pss, rss, seconds = (statistics.mean(use[key] for use in uses) for key in ("pss", "rss", "seconds"))
        print(f"{name:32} {pss / MB:4.0f} MB PSS ({rss / MB:.0f} MB RSS), {seconds:.1f} s of computing")
    most, one = max(peaks.values()), max(use["pss"] for use in servers) + max(use["pss"] for use in kernels)
    print(f"{'a learner, one notebook open':32} {one / MB:4.0f} MB PSS at most")
    print(f"{'a learner, five notebooks open':32} {most / MB:4.0f} MB PSS at most")
    print(f"{'the hub and its proxy':32} {hub / MB:4.0f} MB PSS")
    computing = max(use["seconds"] for use in kernels)
    for n in (30, 200):
        few, many = ((SYSTEM + hub + n * each * AIR) / 2**30 for each in (one, most))
        print(
            f"{n:3} learners: {few:3.0f} GB where each closes a notebook before opening the next, {many:3.0f} GB where all five stay open; "
            f"{math.ceil(n * computing / PATIENCE)} cores, so that all can run the longest notebook at once in {PATIENCE} s"
        )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
