"""Work with many records: a table of any size, what a piece of work takes, the line that foretells it, and a cluster of processes.

Time that grows with the records as a power, seconds = a · nᵇ, is a straight line when both axes are logarithmic, and b is its slope. A few small runs
give the line; the large run shows whether it held.
"""

import importlib.util
import os
import sys
import threading
import time
from dataclasses import dataclass, field
from functools import cache
from html import escape
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from workshop.figures import _STYLE, OBSERVED, SYNTHETIC, Picture
from workshop.settings import whole

_PACKAGE = Path(__file__).resolve().parent
#: In the repository, or inside the installed package.
_MAKERS = (_PACKAGE.parent / "data" / "make_gifts.py", _PACKAGE / "_data" / "make_gifts.py")
_AT_A_TIME = 100_000
#: Fewer do not have room for the remarks and the one who stands out.
_FEWEST = 100
#: What Alice's script needs: these keep their size in memory small.
_COLUMNS = ["age", "region", "education", "income", "greenness", "gift_spending"]
_HOW_TO_INSTALL = 'pip install "distributed" "bokeh"'


def how_many():
    """A million records; WORKSHOP_RECORDS in the environment says otherwise, and a browser has room for fewer.

    >>> how_many() > 0
    True
    """
    wanted = os.environ.get("WORKSHOP_RECORDS", "20000" if sys.platform == "emscripten" else "1000000")
    if not wanted.isdigit() or int(wanted) < 1000:
        raise ValueError(f"WORKSHOP_RECORDS must be a whole number, 1000 or more; got {wanted!r:.40}.")
    return int(wanted)


def many_gifts(n):
    """As many simulated respondents as you like, with what Alice's script needs.

    They are made a hundred thousand at a time, so that the texts which are left out never fill the memory.

    Parameters
    ----------
    n : int

    Returns
    -------
    pandas.DataFrame
        age, region, education, income, greenness (%), gift_spending (euro); labels are categories.

    Examples
    --------
    >>> many_gifts(1000).shape
    (1000, 6)
    """
    whole(n, "n", 1)
    maker = _maker()
    parts = []
    for number, rows in enumerate(np.array_split(np.empty(n), -(-n // _AT_A_TIME))):
        part = maker.make(max(len(rows), _FEWEST), seed=maker.SEED + number)[_COLUMNS].head(len(rows))
        parts.append(
            part.assign(
                region=pd.Categorical(part["region"], list(maker.REGIONS)),
                education=pd.Categorical(part["education"], maker.EDUCATION, ordered=True),
            )
        )
    return pd.concat(parts, ignore_index=True)


@cache
def _maker():
    path = next(path for path in _MAKERS if path.exists())
    spec = importlib.util.spec_from_file_location("make_gifts", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@dataclass(frozen=True)
class Taken:
    """What a piece of work took.

    Attributes
    ----------
    result : object
        What the work gave.
    seconds : float
    megabytes : float
        The most memory that this process and those it started held at one time, in millions of bytes; nan where nobody can tell.
    """

    result: object = field(repr=False)
    seconds: float
    megabytes: float


def measured(work):
    """Do a piece of work, and say what it took.

    Parameters
    ----------
    work : callable
        Without arguments.

    Returns
    -------
    Taken

    Examples
    --------
    >>> measured(lambda: sum(range(10))).result
    45
    """
    with _MemoryWatch() as memory:
        started = time.perf_counter()
        result = work()
        seconds = time.perf_counter() - started
    return Taken(result, seconds, memory.most / 1e6)


class _MemoryWatch:
    """Looks at the memory ten times a second."""

    def __enter__(self):
        self.most, self._done = float("nan"), threading.Event()
        try:
            import psutil
        except ImportError:
            self._thread = None
            return self
        self._process, self._gone = psutil.Process(), psutil.Error
        self._look()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def _watch(self):
        while not self._done.wait(0.1):
            self._look()

    def _look(self):
        held = 0
        for process in [self._process, *self._process.children(recursive=True)]:
            try:
                held += process.memory_info().rss
            except self._gone:  # it ended while we looked
                continue
        self.most = held if np.isnan(self.most) else max(self.most, held)

    def __exit__(self, *error):
        if self._thread:
            self._done.set()
            self._thread.join()
            self._look()


@dataclass(frozen=True)
class Growth:
    """seconds = a · nᵇ.

    Attributes
    ----------
    slope : float
        b: 1 where twice the records take twice the time.
    at_one : float
        a, in seconds.
    """

    slope: float
    at_one: float

    @classmethod
    def of(cls, sizes, seconds):
        """The straight line through the logarithms, by least squares.

        >>> growth = Growth.of([10, 100, 1000], [1, 10, 100])
        >>> round(growth.slope, 6), round(growth.at(10_000), 6)
        (1.0, 1000.0)
        """
        slope, intercept = np.polyfit(np.log(sizes), np.log(seconds), 1)
        return cls(float(slope), float(np.exp(intercept)))

    def at(self, n):
        """The seconds that n records will take."""
        return self.at_one * n**self.slope


def growth_picture(runs, growth, n, seconds=None):
    """The small runs, the line through them, and the large run.

    Parameters
    ----------
    runs : pandas.DataFrame
        Columns records and seconds.
    growth : Growth
    n : int
        The size of the large run.
    seconds : float, optional
        What the large run took, if it has been done.

    Returns
    -------
    Picture
    """
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(6, 3.4), layout="constrained")
        ax = figure.add_subplot()
        line = np.geomspace(runs["records"].min(), n, 50)
        ax.plot(line, growth.at(line), color="#555555", linestyle="--", label=f"predicted, slope {growth.slope:.2f}")
        ax.plot(runs["records"], runs["seconds"], "o", color=OBSERVED, label="small runs")
        foretold = f"{n:,} records: predicted {growth.at(n):.1f} s"
        if seconds is not None:
            ax.plot([n], [seconds], "D", color=SYNTHETIC, markersize=9, label="the large run")
            foretold += f", took {seconds:.1f} s"
        ax.set(xscale="log", yscale="log", xlabel="records", ylabel="seconds", title=foretold)
        ax.legend(frameon=False)
    small = "; ".join(f"{row.records:,} records {row.seconds:.2f} s" for row in runs.itertuples())
    return Picture(
        f"Small runs: {small}. {foretold}. Slope {growth.slope:.2f}: 1 is twice the time for twice the records.", figure
    )


class Workers:
    """Processes beside this one, as a Dask cluster on this machine. Where Dask is missing, threads do the same work, and it says so.

    Parameters
    ----------
    n : int, default 2
        How many processes.

    Attributes
    ----------
    backend : str
        For `joblib.parallel_config(backend=...)`.
    dashboard : str or None
        The address of a page that shows the work while it runs.

    Examples
    --------
    >>> workers = Workers(1)
    >>> workers.backend in ("dask", "threading")
    True
    >>> workers.close()
    """

    def __init__(self, n=2):
        whole(n, "n", 1)
        self.n, self.backend, self.dashboard, self._open = n, "threading", None, ()
        try:
            from distributed import Client, LocalCluster
        except ImportError:
            return
        # Port 0 is any free one. No limit of memory: a worker that is paused for it would wait forever in a small room.
        cluster = LocalCluster(
            n, threads_per_worker=1, dashboard_address="127.0.0.1:0", memory_limit=0, silence_logs=50
        )
        client = Client(cluster)
        self.backend, self.dashboard, self._open = "dask", client.dashboard_link, (client, cluster)

    def close(self):
        """End the processes."""
        for one in self._open:
            one.close()
        self._open = ()

    @property
    def sentence(self):
        """What there is."""
        if self.backend == "dask":
            return f"{self.n} processes are waiting for work. Watch them at {self.dashboard}"
        return f"Dask is not installed here, so threads will do the same work. To see a cluster: {_HOW_TO_INSTALL}, and restart the kernel."

    def __repr__(self):
        return self.sentence

    def _repr_html_(self):
        words = escape(self.sentence)
        if self.dashboard:
            address = escape(self.dashboard)
            words = words.replace(address, f'<a href="{address}" target="_blank" rel="noopener">{address}</a>')
        return f"<p>{words}</p>"
