"""What search engines ask for: the list of all pages worth finding, and what to leave alone."""

from flask import Blueprint, Response, render_template
from werkzeug.exceptions import NotFound

from matcher.web.http.context import current_matcher
from matcher.web.pages.addresses import public_address

sitemap = Blueprint("sitemap", __name__)
_PAGES = ("start.home", "directory.page", "overview.landscape", "overview.about")
_MOST = 50_000
"""Addresses that the protocol of sitemaps allows in one file."""


@sitemap.get("/sitemap.xml")
def pages() -> Response:
    """Address of every page worth finding; none without the setting that says where they are."""
    fixed = [public_address(endpoint, lang=None) for endpoint in _PAGES]
    if None in fixed:
        raise NotFound
    corpus = current_matcher().snapshot.corpus
    ids = [key for key, shown in zip(corpus.ids, corpus.visible, strict=True) if shown]
    clusters = (public_address("clusters.of", cluster_id=key, lang=None) for key in ids)
    text = render_template("sitemap.xml", addresses=[*fixed, *clusters][:_MOST])
    return Response(text, mimetype="application/xml")


@sitemap.get("/robots.txt")
def robots() -> Response:
    """Keep crawlers to pages about clusters: there are a million pairs of them."""
    closed = ("/api/", "/staff", "/drafts/", "/pairs/", "/compare", "/shortlist", "/find")
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    lines.append("Disallow: /clusters/*/partners")
    if address := public_address("sitemap.pages", lang=None):
        lines.append(f"Sitemap: {address}")
    return Response("\n".join(lines) + "\n", mimetype="text/plain")
