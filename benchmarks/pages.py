"""Weight and server time of the main pages, at twice the shipped size.

As many synthetic profiles as there are shipped ones are added in a folder of its own; vectors are
drawn, as no page depends on what they mean. A page weighs what a browser gets for it the first
time, compressed: the page, its styles, scripts and icon; the map is left out. Times are those of
the application without the network, at the first request and as the median of the later ones.
Run with ``python -m benchmarks pages``.
"""

import gzip
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from itertools import islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from zlib import crc32

import numpy as np
from flask.testing import FlaskClient

from benchmarks.synthetic import shipped, synthetic_profiles
from matcher.config import Settings
from matcher.embedding.encoder import Progress, Vectors
from matcher.matcher import Matcher
from matcher.store import Store
from matcher.web import create_app

MOST_KB, MOST_MS = 150, 100
AGAIN = 15
SEED = 1
CLUSTER, PARTNER = "ua-kharkiv-it-cluster", "sk-kosice-it-valley"
PAGES = {
    "start": "/",
    "directory": "/clusters",
    "directory, searched": "/clusters?q=honey",
    "cluster": f"/clusters/{CLUSTER}",
    "partners": f"/clusters/{CLUSTER}/partners",
    "partners, filtered": f"/clusters/{CLUSTER}/partners?country=SK&country=CZ&k=20",
    "pair": f"/pairs/{CLUSTER}/{PARTNER}",
    "readiness": f"/clusters/{CLUSTER}/readiness",
    "registration form": f"/clusters/{CLUSTER}/registration",
    "landscape": "/landscape",
    "about": "/about",
    "sign in": "/sign-in",
}
_ASSET = re.compile(r'(?:src|href)="(/static/[^"]+)"')


def main() -> None:
    print(f"{'page':24}{'kB':>8}{'first ms':>10}{'median ms':>11}")
    with doubled() as client:
        for name, address in PAGES.items():
            first, *later = (_asked(client, address) for _ in range(AGAIN + 1))
            kb, ms = weight(client, address) / 1000, median(later)
            beyond = " !" if kb > MOST_KB or ms > MOST_MS else ""
            print(f"{name:24}{kb:8.0f}{first:10.0f}{ms:11.0f}{beyond}", flush=True)


@contextmanager
def doubled() -> Iterator[FlaskClient]:
    """A client of the application over twice the shipped clusters."""
    with TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder), rate_limit=0, post_rate_limit=0)
        with Matcher(Store.open(settings.store_url), Drawn(), settings) as matcher:
            matcher.load()
            matcher.import_profiles(list(islice(synthetic_profiles(10**6, SEED), len(shipped()))))
            yield create_app(matcher, settings).test_client()


class Drawn:
    """An `Encoder` whose vectors are drawn, each by its text."""

    english_only, dim = True, 384
    fingerprint = cached_as = "drawn@1"

    def key(self, text: str) -> str:
        return sha256(text.encode()).hexdigest()

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        seeds = (crc32(text.encode()) for text in texts)
        drawn = np.stack([np.random.default_rng(seed).standard_normal(self.dim) for seed in seeds])
        drawn /= np.linalg.norm(drawn, axis=1, keepdims=True)
        if progress:
            progress(len(texts), len(texts))
        return drawn.astype(np.float32)


def weight(client: FlaskClient, address: str) -> int:
    """Bytes of a page with all that it loads from here, each compressed."""
    page = client.get(address)
    assets = dict.fromkeys(_ASSET.findall(page.text))
    return sum(len(gzip.compress(client.get(one).data)) for one in (address, *assets))


def _asked(client: FlaskClient, address: str) -> float:
    """Milliseconds until a page is made."""
    begun = perf_counter()
    answer = client.get(address)
    if answer.status_code != 200:
        raise SystemExit(f"{address} is answered with {answer.status_code}")
    return (perf_counter() - begun) * 1e3


if __name__ == "__main__":
    main()
