"""The pages, a module for each part of the site."""

from matcher.web.pages.accounts import accounts
from matcher.web.pages.asking import asking
from matcher.web.pages.calls import calls
from matcher.web.pages.claims import claims
from matcher.web.pages.clusters import clusters
from matcher.web.pages.desk import desk
from matcher.web.pages.directory import directory
from matcher.web.pages.drafts import drafts
from matcher.web.pages.event_desk import event_desk
from matcher.web.pages.event_guests import event_guests
from matcher.web.pages.groups import groups
from matcher.web.pages.guest import guest
from matcher.web.pages.letters import letters
from matcher.web.pages.long_work import long_work
from matcher.web.pages.opinions import opinions
from matcher.web.pages.overview import overview
from matcher.web.pages.own_profile import own_profile
from matcher.web.pages.pairs import pairs
from matcher.web.pages.partners import partners
from matcher.web.pages.readiness import readiness
from matcher.web.pages.registration import registration
from matcher.web.pages.requests import requests
from matcher.web.pages.searches import searches
from matcher.web.pages.shortlist import shortlist
from matcher.web.pages.sitemap import sitemap
from matcher.web.pages.start import start

PAGES = (
    *(start, directory, clusters, drafts, partners, pairs, shortlist, readiness, overview, sitemap),
    *(desk, event_desk, event_guests, guest, letters, accounts, asking, claims, own_profile),
    *(requests, long_work, searches, opinions, registration, groups, calls),
)
