"""What `import workshop` costs beyond `import pandas` (aim: at most 0.15 s), in fresh interpreters."""

import statistics
import subprocess
import sys
import time

RUNS = 9


def seconds(code):
    """Median time of a fresh interpreter that runs this code."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main():
    seconds("import pandas, workshop")  # warms the disk
    floor, both = seconds("import pandas"), seconds("import pandas, workshop")
    print(f"import pandas            {floor:.3f} s (floor)")
    print(f"import pandas, workshop  {both:.3f} s   beyond the floor {both - floor:+.3f} s   ratio {both / floor:.2f}")


if __name__ == "__main__":
    main()
