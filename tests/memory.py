"""A kernel that gets so much memory and not a byte more, as on Binder or in a class; what it took at its peak is kept.

Linux limits it (a control group, which root may make). Elsewhere the peak is only read off.
"""

import itertools
import os
from contextlib import contextmanager
from pathlib import Path

from jupyter_client import AsyncKernelManager

GROUPS = Path("/sys/fs/cgroup")
_COUNT = itertools.count()


@contextmanager
def kernels_with(gigabytes):
    """A class of kernel managers; afterwards its `peak` is in gigabytes, and `limited` says whether the kernel was held to it."""
    group = _group(int(gigabytes * 2**30))

    class Limited(AsyncKernelManager):
        limited = group is not None
        peak = None

        def format_kernel_cmd(self, *arguments, **named):
            command = super().format_kernel_cmd(*arguments, **named)
            if group is None:
                return command
            return ["sh", "-c", 'echo $$ > "$0" && exec "$@"', str(group / "cgroup.procs"), *command]

        async def shutdown_kernel(self, *arguments, **named):
            type(self).peak = _peak(group, self.provisioner.pid)
            await super().shutdown_kernel(*arguments, **named)

    try:
        yield Limited
    finally:
        if group is not None:
            try:
                group.rmdir()
            except OSError:
                pass  # a child still ends; the group stays behind, empty


def _group(size):
    """The folder of a new control group of this size, of the first or the second kind; None where there can be none."""
    name = f"workshop-{os.getpid()}-{next(_COUNT)}"
    for parent, limits in (
        (GROUPS / "memory", {"memory.limit_in_bytes": size}),
        (GROUPS, {"memory.max": size, "memory.swap.max": 0}),
    ):
        group = parent / name
        try:
            if not (parent / "cgroup.procs").exists():
                continue
            group.mkdir()
            for file, limit in limits.items():
                if not (group / file).exists():
                    raise OSError(file)
                (group / file).write_text(str(limit))
            return group
        except OSError:
            if group.exists():
                group.rmdir()
    return None


def _peak(group, process):
    """The most memory that was in use, in gigabytes; None where nothing tells."""
    for file in ("memory.max_usage_in_bytes", "memory.peak") if group else ():
        if (group / file).exists():
            return int((group / file).read_text()) / 2**30
    status = Path(f"/proc/{process}/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 2**20 for line in lines if line.startswith("VmHWM")), None)
