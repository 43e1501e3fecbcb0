"""Notebook 13 with its million records: how long, how much processor time, and how much memory the kernel and its processes take together.

python benchmarks/million_notebook.py [RECORDS]

It may take 90 s and 1.5 GB on one or two cores.
"""

import os
import sys
import threading
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))
import notebooks  # noqa: E402

LESSON = ROOT / "solutions" / "13-a-million-records.py"


def main(records):
    os.environ["WORKSHOP_RECORDS"] = str(records)
    lesson = notebooks.read_lesson(LESSON)
    client = notebooks.NotebookClient(lesson, timeout=3600, resources={"metadata": {"path": str(notebooks.NOTEBOOKS)}})
    me, most, processor = psutil.Process(), 0, {}
    started = time.perf_counter()
    with client.setup_kernel():
        done = threading.Event()

        def watch():
            nonlocal most
            while not done.wait(0.2):
                held = 0
                for process in me.children(recursive=True):
                    try:
                        held += process.memory_info().rss
                        processor[process.pid] = sum(process.cpu_times()[:2])
                    except psutil.Error:
                        continue
                most = max(most, held)

        thread = threading.Thread(target=watch, daemon=True)
        thread.start()
        for number, cell in enumerate(lesson.cells):
            client.execute_cell(cell, number)
        done.set()
        thread.join()
    seconds = time.perf_counter() - started
    load = os.getloadavg()[0]
    print(
        f"{records:,} records: {seconds:.0f} s ({sum(processor.values()):.0f} s of processor time; load {load:.1f}), peak {most / 1e9:.2f} GB in all"
    )


if __name__ == "__main__":
    main(int(float(sys.argv[1])) if len(sys.argv) > 1 else 1_000_000)
