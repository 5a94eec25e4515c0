"""Lists and axes learnt from a sample of the rows, then every row coded, in bounded memory."""

import numpy as np

from matcher.embedding.encoder import Progress, Vectors
from matcher.index.codes import Codes
from matcher.index.rows import Rows
from matcher.index.sketch import Sketch

CHUNK, ROUNDS = 8192, 6
LISTS, SAMPLED = 4, 25
"""Lists for each root of the number of rows, and rows for each list that they are learnt from."""


def coded(rows: Rows, seed: int, progress: Progress | None) -> tuple[Codes, Sketch]:
    """Code and sketch all rows; equal rows and seed give equal results.

    Parameters
    ----------
    rows
        At least one.
    seed
        Draws the sample and the first centroids.
    progress
        Told how many rows are coded.
    """
    lists = min(len(rows), int(LISTS * len(rows) ** 0.5) + 1)
    size = min(len(rows), SAMPLED * lists)
    drawn = np.random.default_rng(seed).choice(len(rows), size, replace=False)
    sample = rows.take(np.sort(drawn))
    codes, sketch = Codes(_centroids(sample, lists, seed)), Sketch.learn(sample)
    for start, chunk in rows.chunks(CHUNK):
        codes.add(chunk)
        sketch.add(chunk)
        if progress:
            progress(start + len(chunk), len(rows))
    return codes, sketch


def _centroids(sample: Vectors, lists: int, seed: int) -> Vectors:
    import faiss

    clustering = faiss.Clustering(sample.shape[1], lists)
    clustering.niter, clustering.seed, clustering.spherical = ROUNDS, seed, True
    clustering.min_points_per_centroid = 1
    clustering.train(sample, faiss.IndexFlatIP(sample.shape[1]))
    centroids: Vectors = faiss.vector_to_array(clustering.centroids)
    return centroids.reshape(lists, -1)
