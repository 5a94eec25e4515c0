"""Encoding beside bare sentence-transformers, and explained recommendations in process.

Run with ``python -m benchmarks.core``. Times are compared within one run; the machine's own speed
cancels out of the ratios. Uses the data of MATCHER_HOME, which is made on the first run.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import resource
import subprocess
import sys
from collections.abc import Callable
from statistics import median
from time import perf_counter, process_time

import numpy as np

from matcher import memory
from matcher.embedding.encoder import SentenceTransformerEncoder
from matcher.embedding.facets import facet_texts
from matcher.matcher import Matcher

TEXTS, ROUNDS = 128, 3
COMMANDS = (["--help"], ["recommend", "ua-kharkiv-it-cluster"])


def main() -> None:
    memory.seldom_look_for_cycles()  # as the command does
    with Matcher.open() as matcher:
        print("explained top ten in process (one thread)")
        recommendations(matcher)
        texts = [facet_texts(p)["about"] for p in matcher.clusters[::5]][:TEXTS]
    print(f"peak memory without torch: {peak_mb():.0f} MB")
    print("\nwhole commands in a fresh process")
    commands()
    print(f"\nencoding {len(texts)} profile texts, best of {ROUNDS} rounds each, in turn")
    encoding(texts)
    print(f"peak memory with torch: {peak_mb():.0f} MB")


def recommendations(matcher: Matcher) -> None:
    """Every EaP cluster asks for its explained top ten, after a bare scan as the yardstick.

    The first time everything is computed; the second time what is known of registered pairs is
    there, as it is in a service that has answered for a while.

    Times are of the processor, so that other work on the machine does not count.
    """
    askers = [p.id for p in matcher.clusters if p.group == "EaP"]
    about = matcher.snapshot.corpus.vectors.facets["about"]
    matcher.recommend(askers[0])
    scan = timed([lambda: np.argsort(-(about @ about[0]))[:10]] * len(askers), process_time)
    questions = [lambda asker=asker: matcher.recommend(asker) for asker in askers]
    first, again = (timed(questions, process_time) for _ in range(2))
    for name, times in (("bare cosine scan", scan), ("first question", first), ("again", again)):
        p50, p99 = np.percentile(times, [50, 99])
        print(
            f"  {name:<18} p50 {p50:7.3f} ms   p99 {p99:7.3f} ms   "
            f"{median(times) / median(scan):6.1f} times the scan"
        )


def commands() -> None:
    for arguments in COMMANDS:
        times = timed([lambda a=arguments: run(a)] * 5)
        print(f"  matcher {' '.join(arguments):<36} median {median(times) / 1000:.2f} s")


def run(arguments: list[str]) -> None:
    command = [sys.executable, "-m", "matcher", *arguments]
    subprocess.run(command, check=True, capture_output=True)


def encoding(texts: list[str]) -> None:
    ours = SentenceTransformerEncoder()
    ours.encode(texts[:1])
    bare = ours._transformer()
    ways = {
        "bare sentence-transformers": lambda: bare.encode(
            texts, normalize_embeddings=True, show_progress_bar=False
        ),
        "matcher": lambda: ours.encode(texts),
    }
    best = {name: float("inf") for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            best[name] = min(best[name], timed([way])[0])
    for name, ms in best.items():
        print(f"  {name:<28} {len(texts) / ms * 1000:6.1f} texts/s")
    bare_ms, ours_ms = best.values()
    print(f"  ratio {bare_ms / ours_ms:.2f}x")


def timed(calls: list, clock: Callable[[], float] = perf_counter) -> list[float]:
    """Milliseconds of each call."""
    times = []
    for call in calls:
        begun = clock()
        call()
        times.append((clock() - begun) * 1000)
    return times


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
