"""Growth on one machine: ``python -m benchmarks scale 1000 10000 50000 --home FOLDER``.

For each number of synthetic profiles, beside the shipped ones: building, starting, answering,
changing a hundred of them, each in a process of its own. Figures go to FOLDER/figures.json, growth
curves to docs/images/growth.png. Beside the time on the clock stands the time that the process had
a core for: on a machine that others use, too, only the second one tells of this program. A million
profiles need 30 GB of disk and half an hour of a core.

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
from threading import Event, Thread
from time import perf_counter, process_time, thread_time

import numpy as np
from matcher.index.generation import Generations

from benchmarks.synthetic import synthetic_profiles
from matcher.config import DATA_DIR, PROJECT_DIR, Settings
from matcher.errors import IndexUnavailableError
from matcher.matcher import Matcher
from matcher.profiles.taxonomy import country_group
from matcher.store import Store

SEED, OTHER_SEED = 1, 2
STAGES = ("build", "serve", "change")
QUESTIONS, COMPARED, CHANGED, SAVED = 200, 20, 100, 5000
PICTURE = PROJECT_DIR / "docs" / "images" / "growth.png"


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks scale")
    parser.add_argument("sizes", type=int, nargs="*", default=[])
    parser.add_argument("--home", type=Path, default=Path("scale"))
    parser.add_argument("--stage", choices=STAGES)
    asked = parser.parse_args(arguments)
    if asked.stage:
        home = asked.home / str(asked.sizes[0])
        stages = {"build": build, "serve": serve, "change": change}
        print(json.dumps(stages[asked.stage](asked.sizes[0], home)))
        return
    file = asked.home / "figures.json"
    figures = json.loads(file.read_text()) if file.exists() else {}
    for size in asked.sizes:
        measured = figures.setdefault(str(size), {})
        for stage in STAGES:
            measured |= run(stage, size, asked.home)
            file.write_text(json.dumps(figures, indent=1))
    show(figures)
    plot(figures)


def run(stage: str, size: int, home: Path) -> dict[str, float]:
    """Figures of one stage, from a process of its own."""
    command = [sys.executable, "-m", "benchmarks", "scale", str(size)]
    done = subprocess.run(
        [*command, "--home", str(home), "--stage", stage], check=True, stdout=subprocess.PIPE
    )
    print(f"{size:>9,} {stage:<7}{done.stdout.decode().strip()}", flush=True)
    return json.loads(done.stdout)


def build(size: int, home: Path) -> dict[str, float]:
    """Fill the store, then build the first generation."""
    from benchmarks.composed import composed_encoder

    encoder = composed_encoder(Settings(home=home.parent / "phrases"))
    settings = Settings(home=home)
    with Store.open(settings.store_url) as store:
        begun = perf_counter()
        store.load_shipped(DATA_DIR)
        for part in parts(synthetic_profiles(size, SEED)):
            store.save_profiles(part)
        saved = perf_counter() - begun
        with Peak() as most:
            matcher = uncached(store, encoder, settings)
            begun = Clock()
            matcher.reindex(told)
            built = begun.spent("built")
    folder = next(item for item in (home / "generations").iterdir() if item.is_dir())
    disk = sum(file.stat().st_size for file in folder.iterdir())
    return {"saved_s": saved, **built, "build_peak_mb": most(), "disk_mb": disk / 1e6}


def serve(size: int, home: Path) -> dict[str, float]:
    """Start, ask, and compare with scoring everybody."""
    import faiss  # noqa: F401 - what the first answer would import belongs to the empty process

    settings, empty = Settings(home=home), memory()
    generations = Generations(home)
    with Store.open(settings.store_url) as store:
        encoder = Silent(generations.current().meta["fingerprint"])
        begun = Clock()
        matcher = Matcher(store, encoder, generations, settings)
        matcher.load()
        started = begun.spent("start")
        questions = list(asked(matcher, QUESTIONS + COMPARED))
        begun = perf_counter()
        matcher.recommend(**questions[0])
        first = perf_counter() - begun
        times = []
        for question in questions[:QUESTIONS]:
            begun, computed = perf_counter(), thread_time()
            matcher.recommend(**question)
            times.append((perf_counter() - begun, thread_time() - computed))
        full = memory()
        (p50, cpu50), (p99, cpu99) = np.percentile(times[QUESTIONS // 10 :], [50, 99], axis=0) * 1e3
        return {
            **started,
            "first_answer_s": first,
            "anon_mb": full["RssAnon"] - empty["RssAnon"],
            "mapped_mb": full["RssFile"] - empty["RssFile"],
            "p50_ms": p50,
            "p99_ms": p99,
            "p50_cpu_ms": cpu50,
            "p99_cpu_ms": cpu99,
            **compared(matcher, questions[QUESTIONS:]),
        }


def compared(matcher: Matcher, questions: list[dict]) -> dict[str, float]:
    """Part of the ten best of all eligible profiles that the answers have."""
    settings, shared, eligible = matcher._settings, [], []
    for question in questions:
        found = {p.id for p in matcher.recommend(**question).partners}
        matcher._settings = settings.model_copy(update={"exhaustive_limit": 10**9})
        best = matcher.recommend(**question)
        matcher._settings = settings
        if best.partners:
            shared.append(len(found & {p.id for p in best.partners}) / len(best.partners))
            eligible.append(best.eligible)
    return {"overlap_at_10": float(np.mean(shared)), "eligible": float(np.mean(eligible))}


def change(size: int, home: Path) -> dict[str, float]:
    """Import profiles that changed: others of the same ids."""
    from benchmarks.composed import composed_encoder

    encoder = composed_encoder(Settings(home=home.parent / "phrases"))
    settings = Settings(home=home)
    with Store.open(settings.store_url) as store:
        matcher = uncached(store, encoder, settings)
        rows = np.random.default_rng(SEED).integers(size, size=CHANGED)
        ids = [matcher.clusters[int(row)].id for row in rows]
        fresh = islice(synthetic_profiles(10**9, OTHER_SEED), len(ids))
        changed = [
            one.model_copy(update={"id": key, "country": key[:2].upper()})
            for key, one in zip(ids, fresh, strict=True)
        ]
        with Peak() as most:
            begun = Clock()
            matcher.import_profiles(changed)
            spent = begun.spent("change")
    return {**spent, "change_peak_mb": most()}


class Clock:
    """Seconds since it was made, and those that this process had a core for."""

    def __init__(self) -> None:
        self._wall, self._cpu = perf_counter(), process_time()

    def spent(self, what: str) -> dict[str, float]:
        wall, cpu = perf_counter() - self._wall, process_time() - self._cpu
        return {f"{what}_s": wall, f"{what}_cpu_s": cpu}


class Silent:
    """An encoder that only tells which vectors it would make."""

    english_only = True
    dim = 384

    def __init__(self, fingerprint: str) -> None:
        self.fingerprint = fingerprint

    def encode(self, texts: Sequence[str], progress: object = None) -> np.ndarray:
        raise AssertionError("nothing needs to be encoded")


def uncached(store: Store, encoder: object, settings: Settings) -> Matcher:
    """A matcher that asks its encoder for every text, and has loaded what there is."""
    matcher = Matcher(store, encoder, Generations(settings.home), settings)
    matcher._encoder = encoder
    try:
        generation = matcher._generations.current(encoder.fingerprint)
    except IndexUnavailableError:
        return matcher
    from matcher.snapshot import open_snapshot

    matcher._snapshot = open_snapshot(generation, store.partnerships())
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


def parts(profiles: Iterator) -> Iterator[list]:
    while part := list(islice(profiles, SAVED)):
        yield part


def told(done: int, total: int) -> None:
    print(f"\r{done:,} of {total:,}", end="", file=sys.stderr, flush=True)


def memory() -> dict[str, float]:
    """MB of this process: its own, and of mapped files that are in memory anyway."""
    lines = Path("/proc/self/status").read_text().splitlines()
    sizes = (line.split() for line in lines if line.startswith(("RssAnon", "RssFile")))
    return {name.rstrip(":"): int(kb) / 1024 for name, kb, _ in sizes}


class Peak:
    """Watches the process's own memory; what mapped files take can be had back at any time."""

    def __enter__(self):
        self._most, self._done = 0.0, Event()
        self._thread = Thread(target=self._watch)
        self._thread.start()
        return lambda: self._most

    def _watch(self) -> None:
        while not self._done.wait(0.1):
            self._most = max(self._most, memory()["RssAnon"])

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()


COLUMNS = {
    "built_cpu_s": "built, core s",
    "built_s": "on the clock",
    "build_peak_mb": "peak, MB",
    "disk_mb": "disk, MB",
    "start_cpu_s": "start, core s",
    "anon_mb": "own memory, MB",
    "mapped_mb": "mapped, MB",
    "p50_cpu_ms": "p50, core ms",
    "p99_cpu_ms": "p99, core ms",
    "p50_ms": "p50, clock ms",
    "overlap_at_10": "overlap@10",
    "change_cpu_s": "100 changed, core s",
}


def show(figures: dict) -> None:
    print("| profiles | " + " | ".join(COLUMNS.values()) + " |")
    print("|---" * (len(COLUMNS) + 1) + "|")
    for size in sorted(figures, key=int):
        cells = [f"{figures[size].get(name, float('nan')):,.4g}" for name in COLUMNS]
        print(f"| {int(size):,} | " + " | ".join(cells) + " |")


def plot(figures: dict) -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot
    from matplotlib.ticker import LogLocator, NullFormatter, StrMethodFormatter

    from matcher.notebook import style

    style.use()
    sizes = sorted(figures, key=int)
    panels = (
        ("Seconds of a core", ("built_cpu_s", "change_cpu_s", "start_cpu_s")),
        ("Memory and disk, MB", ("disk_mb", "build_peak_mb", "anon_mb")),
        ("Core milliseconds an answer", ("p50_cpu_ms", "p99_cpu_ms")),
    )
    figure, axes = pyplot.subplots(1, 3, figsize=(12, 3.6), layout="constrained")
    for panel, (title, names) in zip(axes, panels, strict=True):
        for name in names:
            known = [size for size in sizes if name in figures[size]]
            values = [figures[size][name] for size in known]
            panel.plot([int(size) for size in known], values, marker="o", label=COLUMNS[name])
        panel.set(xscale="log", yscale="log", title=title, xlabel="profiles")
        panel.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        for axis in (panel.xaxis, panel.yaxis):
            axis.set_major_formatter(StrMethodFormatter("{x:,.9g}"))
            axis.set_minor_formatter(NullFormatter())
        panel.legend()
    figure.savefig(PICTURE, dpi=130)
    print(f"drawn: {PICTURE.relative_to(PROJECT_DIR)}")


if __name__ == "__main__":
    main(sys.argv[1:])
