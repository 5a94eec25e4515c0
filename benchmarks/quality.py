"""Quality beside the main evaluation: strangers with thin profiles, and what diversity costs.

Run with ``python -m benchmarks.quality``; uses the data of MATCHER_HOME. About a minute.
"""

from matcher.embedding import SentenceTransformerEncoder
from matcher.evaluation.cold_start import cold_start
from matcher.evaluation.tradeoff import diversity_curve
from matcher.matcher import Matcher


def main() -> None:
    with Matcher.open() as matcher:
        snapshot = matcher.snapshot
    print("EaP askers, all documented partnerships, cross-validated weights\n")
    print(f"{'diversity':<22}{'nDCG@10':>8}{'coverage':>10}{'Gini':>8}{'congestion':>12}")
    for point in diversity_curve(snapshot):
        spread = point.spread
        print(
            f"{point.diversity:<22}{point.quality.value:>8.3f}{spread.coverage:>10.2f}"
            f"{spread.gini:>8.2f}{spread.congestion:>12.2f}"
        )
    print(f"\n{'what is known':<22}{'nDCG@10':>8}{'hit@10':>10}")
    for name, metrics in cold_start(snapshot, SentenceTransformerEncoder()).items():
        print(f"{name:<22}{metrics['ndcg@10'].value:>8.3f}{metrics['hit@10'].value:>10.3f}")


if __name__ == "__main__":
    main()
