"""Growth on one machine: ``python -m benchmarks scale 1000 10000 100000 --home FOLDER``.

For each number of synthetic profiles, beside the shipped ones: building, starting and answering,
each in a process of its own. Beside the time on the clock stands the time that the process had a
core for: on a machine that others use, too, only the second one tells of this program.

Vectors come from `benchmarks.composed`: mixes of really encoded phrases plus seeded noise, since
the model would take days for a million profiles. They are not cached: mixing one is cheaper than
looking it up. What is missing from the times of building is thus the encoding, at about 20 texts a
second and core.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from time import perf_counter, process_time, thread_time

import numpy as np

from benchmarks.synthetic import synthetic_profiles
from matcher.config import DATA_DIR, Settings
from matcher.embedding.encoder import content_key
from matcher.index.saved import SavedIndex
from matcher.matcher import Matcher
from matcher.matching.building import Builder
from matcher.profiles.taxonomy import country_group
from matcher.store import Store

SEED = 1
QUESTIONS, COMPARED, SAVED = 200, 20, 5000
EVERYBODY = 10**9
COLUMNS = {
    "built_cpu_s": "built, core s",
    "build_peak_mb": "peak, MB",
    "disk_mb": "disk, MB",
    "start_cpu_s": "start, core s",
    "memory_mb": "memory, MB",
    "p50_cpu_ms": "p50, core ms",
    "p99_cpu_ms": "p99, core ms",
    "p50_ms": "p50, clock ms",
    "overlap_at_10": "overlap@10",
    "eligible": "eligible",
}


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks scale")
    parser.add_argument("sizes", type=int, nargs="+")
    parser.add_argument("--home", type=Path, default=Path("scale"))
    parser.add_argument("--stage", choices=("build", "serve"))
    asked = parser.parse_args(arguments)
    if asked.stage:
        stage = {"build": build, "serve": serve}[asked.stage]
        print(json.dumps(stage(asked.sizes[0], asked.home / str(asked.sizes[0]))))
        return
    print("| profiles | " + " | ".join(COLUMNS.values()) + " |")
    print("|---" * (len(COLUMNS) + 1) + "|")
    for size in asked.sizes:
        figures = run("build", size, asked.home) | run("serve", size, asked.home)
        cells = [f"{figures[name]:,.4g}" for name in COLUMNS]
        print(f"| {size:,} | " + " | ".join(cells) + " |", flush=True)


def run(stage: str, size: int, home: Path) -> dict[str, float]:
    """Figures of one stage, from a process of its own."""
    command = [sys.executable, "-m", "benchmarks", "scale", str(size)]
    done = subprocess.run(
        [*command, "--home", str(home), "--stage", stage], check=True, stdout=subprocess.PIPE
    )
    return json.loads(done.stdout)


def build(size: int, home: Path) -> dict[str, float]:
    """Fill the store, then build the index."""
    from benchmarks.composed import composed_encoder

    encoder = composed_encoder(Settings(home=home.parent / "phrases"))
    settings = Settings(home=home)
    with Store.open(settings.store_url) as store:
        store.load_shipped(DATA_DIR)
        profiles = synthetic_profiles(size, SEED)
        while part := list(islice(profiles, SAVED)):
            store.imports.save(part, who="the benchmark")
        begun = process_time()
        built = Builder(store, settings, encoder.fingerprint).build(encoder)
        spent = process_time() - begun
    print(built.snapshot.provenance.engine, file=sys.stderr)
    disk = sum(file.stat().st_size for file in (home / "index").iterdir())
    return {"built_cpu_s": spent, "build_peak_mb": memory("VmHWM"), "disk_mb": disk / 1e6}


def serve(_size: int, home: Path) -> dict[str, float]:
    """Start, ask, and compare with scoring everybody."""
    import faiss  # noqa: F401 - what the first answer would import belongs to the empty process

    settings, empty = Settings(home=home), memory("VmRSS")
    encoder = Silent(SavedIndex(home).read().notes["fingerprint"])
    begun = process_time()
    with opened(settings, encoder) as matcher:
        started = process_time() - begun
        questions = list(asked(matcher, QUESTIONS + COMPARED))
        times = []
        for question in questions[:QUESTIONS]:
            begun, computed = perf_counter(), thread_time()
            matcher.recommend(**question)
            times.append((perf_counter() - begun, thread_time() - computed))
        full = memory("VmRSS")
        (p50, cpu50), (_, cpu99) = np.percentile(times[QUESTIONS // 10 :], [50, 99], axis=0) * 1e3
        return {
            "start_cpu_s": started,
            "memory_mb": full - empty,
            "p50_ms": p50,
            "p50_cpu_ms": cpu50,
            "p99_cpu_ms": cpu99,
            **compared(matcher, settings, encoder, questions[QUESTIONS:]),
        }


def compared(
    matcher: Matcher, settings: Settings, encoder: "Silent", questions: list[dict]
) -> dict[str, float]:
    """Part of the ten best of all eligible profiles that the answers have."""
    found = [{p.id for p in matcher.recommend(**question).partners} for question in questions]
    shared, eligible = [], []
    with opened(settings.model_copy(update={"exhaustive_limit": EVERYBODY}), encoder) as everybody:
        for question, ids in zip(questions, found, strict=True):
            best = everybody.recommend(**question)
            if best.partners:
                shared.append(len(ids & {p.id for p in best.partners}) / len(best.partners))
                eligible.append(best.eligible)
    return {"overlap_at_10": float(np.mean(shared)), "eligible": float(np.mean(eligible))}


class Silent:
    """An encoder that only tells which vectors it would make."""

    english_only = True
    dim = 384

    def __init__(self, fingerprint: str) -> None:
        self.fingerprint = self.cached_as = fingerprint

    def key(self, text: str) -> str:
        return content_key(text)

    def encode(self, texts: Sequence[str], progress: object = None) -> np.ndarray:
        raise AssertionError("nothing needs to be encoded")


def opened(settings: Settings, encoder: Silent) -> Matcher:
    matcher = Matcher(Store.open(settings.store_url), encoder, settings)
    matcher.load()
    return matcher


def asked(matcher: Matcher, count: int) -> Iterator[dict]:
    """Questions with filters: the asker's own field, or half of the countries there and a size."""
    random = np.random.default_rng(SEED)
    for number, row in enumerate(random.integers(len(matcher.clusters), size=count)):
        asker = matcher.clusters[int(row)]
        if number % 2:
            filters = {"ecosystems": asker.ecosystems[:1]}
        else:
            there = sorted(country_group("EaP" if asker.group == "EU" else "EU"))
            half = random.choice(there, len(there) // 2, replace=False)
            filters = {"countries": half.tolist(), "min_members": 20}
        yield {"query": asker.id, "filters": filters}


def memory(what: str) -> float:
    """MB that this process has now (VmRSS) or had at most (VmHWM)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(what))


if __name__ == "__main__":
    main(sys.argv[1:])
