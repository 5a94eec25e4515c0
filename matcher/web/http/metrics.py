"""What the service counts of itself, for Prometheus."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import cast

from flask import Blueprint, Flask, Response, current_app
from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector

from matcher.errors import MatcherError
from matcher.matcher import Matcher
from matcher.web.http.caching import AnswerCache

EXTENSION = "metrics"
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
metrics_page = Blueprint("metrics", __name__)


class Metrics:
    """The metrics of one application.

    Parameters
    ----------
    matcher, answers
        Asked for their state whenever the metrics are read.
    """

    def __init__(self, matcher: Matcher, answers: AnswerCache) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "matcher_requests",
            "Requests answered.",
            ("route", "method", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "matcher_request_seconds",
            "Time to answer, without the transfer.",
            ("route",),
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self.registry.register(_State(matcher, answers))
        ProcessCollector(registry=self.registry)

    def count(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count one answered request."""
        self._requests.labels(route, method, str(status)).inc()
        self._seconds.labels(route).observe(seconds)


class _State(Collector):
    """What is read off when it is asked for."""

    def __init__(self, matcher: Matcher, answers: AnswerCache) -> None:
        self._matcher = matcher
        self._answers = answers

    def describe(self) -> list[Metric]:
        return []

    def collect(self) -> Iterator[Metric]:
        found = CounterMetricFamily(
            "matcher_answer_cache", "Look-ups of answers given before.", labels=["result"]
        )
        found.add_metric(["hit"], self._answers.hits)
        found.add_metric(["miss"], self._answers.misses)
        yield found
        yield GaugeMetricFamily(
            "matcher_answer_cache_bytes", "Memory of the answers kept.", self._answers.bytes
        )
        try:
            status = self._matcher.status()
        except MatcherError:
            yield GaugeMetricFamily("matcher_index_up", "Whether there is an index.", 0)
            return
        yield GaugeMetricFamily("matcher_index_up", "Whether there is an index.", 1)
        yield GaugeMetricFamily(
            "matcher_index_degraded",
            "Whether an older index than the newest is served.",
            int(status.degraded is not None),
        )
        yield GaugeMetricFamily(
            "matcher_index_age_seconds", "Age of the index.", _age(status.created)
        )
        yield GaugeMetricFamily("matcher_clusters", "Clusters in the index.", status.clusters)


def _age(created: str) -> float:
    written = datetime.fromisoformat(created)
    return time.time() - written.replace(tzinfo=written.tzinfo or UTC).timestamp()


def init_app(app: Flask, matcher: Matcher, answers: AnswerCache) -> None:
    """Count the requests of `app` and show the counts at /metrics."""
    app.extensions[EXTENSION] = Metrics(matcher, answers)
    app.register_blueprint(metrics_page)


def current_metrics() -> Metrics:
    """The metrics of the running application."""
    return cast(Metrics, current_app.extensions[EXTENSION])


@metrics_page.get("/metrics")
def metrics() -> Response:
    """All metrics in Prometheus's text format."""
    text = generate_latest(current_metrics().registry)
    return Response(text, content_type=CONTENT_TYPE_PLAIN_0_0_4)
