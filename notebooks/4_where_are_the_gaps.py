# %% [markdown]
# # Where are the gaps?
#
# Which EaP clusters have no good EU counterpart, and why; which needs nobody meets and which offers
# nobody seeks; which EU clusters everybody is sent to; where the EaP countries could work with each
# other; and where the network of documented partnerships has holes.

# %%
from itertools import combinations

import networkx as nx
import numpy as np
import pandas as pd
from IPython.display import Markdown

from matcher import Matcher, notebook
from matcher.matching.features import FEATURE_TITLES, FEATURES
from matcher.matching.model import STRONG
from matcher.matching.reasons import ASKED, MET
from matcher.notebook import gaps, maps, network, style
from matcher.planning.groups import Conditions, build_groups
from matcher.profiles.taxonomy import countries
from matcher.readiness.cautions import kept_apart, suspended

SEED, K = 20, 10
style.use()
m = Matcher.open()
clusters = notebook.profiles(m.clusters)
names = clusters["name"]
across = m.pair_scores("eap", "eu")
across.top(1).nlargest(10, "score")

# %% [markdown]
# ## EaP clusters without a good counterpart

# %%
best = across.top(1).set_index("asker")
best["name"], best["partner_name"] = (
    names.reindex(best.index),
    names.reindex(best["partner"]).values,
)
best["country"] = clusters["country"].reindex(best.index).map(lambda code: countries()[code].name)
order = best.groupby("country")["score"].median().sort_values().index
WEAK = best["score"].quantile(0.1)
weak = best[best["score"] <= WEAK].sort_values("score")
figure, axes = style.chart(
    f"A typical EaP cluster finds an EU partner at {best['score'].median():.2f}; "
    f"one in ten finds none above {WEAK:.2f}",
    "Score of the best EU partner of each EaP cluster; line: median of the country",
    source=f"{style.SOURCE} Scoring model {m.status().weights}.",
    size=(9, 4.8),
)
random = np.random.default_rng(SEED)
for place, country in enumerate(order):
    scores = best.loc[best["country"] == country, "score"]
    jitter = place + random.uniform(-0.22, 0.22, len(scores))
    colours = np.where(scores <= WEAK, style.ORANGE, style.BLUE)
    axes.scatter(scores, jitter, c=colours, s=28, alpha=0.75, lw=0)
    axes.vlines(scores.median(), place - 0.35, place + 0.35, color=style.BLACK, lw=2)
axes.set_yticks(range(len(order)), [f"{c} ({(best['country'] == c).sum()})" for c in order])
axes.set(xlim=(0, 1), xlabel="score of the best EU partner (orange: the weakest tenth)")
axes.grid(visible=False, axis="y")
style.save(figure, "4_best_counterpart")

# %%
rows = [one.id for one in across.askers]
firsts = across.order[:, 0]
shares = pd.DataFrame(
    across.contributions[np.arange(len(rows)), firsts, : len(FEATURES)],
    index=rows,
    columns=list(FEATURES),
)
behind = (shares.median() - shares).loc[weak.index]
weak["lacks most"] = behind.idxmax(axis=1).map(FEATURE_TITLES)
weak["completeness"] = clusters["completeness"].reindex(weak.index)
weak[["name", "country", "partner_name", "score", "lacks most", "completeness"]].reset_index(
    drop=True
).style.format({"score": "{:.2f}", "completeness": "{:.0%}"})

# %%
thin = weak["completeness"].median() < clusters.loc[best.index, "completeness"].median() - 0.05
cause = weak["lacks most"].value_counts()
Markdown(
    f"The weakest tenth are {len(weak)} clusters. Beside the best pair of a typical cluster they fall "
    f"behind most in **{cause.index[0].lower()}** ({cause.iloc[0]} of {len(weak)}). Their profiles are "
    + ("thinner than" if thin else "about as complete as")
    + f" those of the others ({weak['completeness'].median():.0%} against "
    f"{clusters.loc[best.index, 'completeness'].median():.0%}), so "
    + (
        "the first remedy is to say more."
        if thin
        else "the reason lies rather in what they do than in how little they say."
    )
)

# %% [markdown]
# ## Needs that nobody meets, offers that nobody seeks
#
# Each need of an EaP cluster is compared with all offers of EU clusters, and the other way round.
# How likely an offer meets a need is judged by their meaning, the kind of need and the trades that
# both name. As in the explanations, an offer is said to meet a need only where that is very likely,
# and is worth asking about where it is more likely than not.

# %%
needs = gaps.best_met(m, "seeks", "EaP", "EU")
offers = gaps.best_met(m, "offers", "EaP", "EU")
unmet, unsought = needs["likelihood"] < ASKED, offers["likelihood"] < ASKED
figure, axes = style.chart(
    f"{unmet.mean():.0%} of what EaP clusters need is offered by no EU profile, as far as one can "
    f"tell; {unsought.mean():.0%} of what they offer is sought by none",
    "Phrases of EaP profiles by how likely the best EU phrase meets them. Orange: not met, light blue: "
    "worth asking, dark blue: met",
    size=(9, 4.2),
    panels=(1, 2),
    sharey=True,
)
bins = np.linspace(0, 1, 41)
for panel, (title, frame) in zip(
    axes,
    {"Needs, against EU offers": needs, "Offers, against EU needs": offers}.items(),
    strict=True,
):
    counts, _ = np.histogram(frame["likelihood"], bins)
    colours = np.select(
        [bins[1:] <= ASKED + 1e-9, bins[1:] <= MET + 1e-9], [style.ORANGE, style.SKY], style.BLUE
    )
    panel.bar(bins[:-1], counts, width=np.diff(bins), align="edge", color=colours, ec="white")
    panel.set_title(f"{title} ({len(frame)})")
    panel.set_xlabel("likelihood of the best phrase")
    style.bars_only(panel, horizontal=False)
axes[0].set_ylabel("phrases")
style.save(figure, "4_needs_and_offers")

# %%
pd.concat(
    {"need that is not met": needs.head(6), "offer that is not sought": offers.head(6)}
).assign(cluster=lambda frame: frame["id"].map(names))[
    ["cluster", "phrase", "best", "likelihood"]
].droplevel(1).style.format({"likelihood": "{:.2f}"})

# %% [markdown]
# A low likelihood can mean three things: that nobody has it, that no EU profile says so in its two or
# three phrases, or that the need is said too briefly to be understood ("new residents"). The last is
# cured by a longer phrase.
#
# ## Whom everybody is sent to

# %%
lists = across.top(K)
shown = lists.groupby("partner", observed=True).size().sort_values(ascending=False)
hubs = shown.head(12).iloc[::-1]
reached = len(shown) / len(across.partners)
top_share = shown.head(round(0.05 * len(across.partners))).sum() / shown.sum()
figure, axes = style.chart(
    f"5% of the EU clusters get {top_share:.0%} of all suggestions; {1 - reached:.0%} get none",
    f"In how many of the {len(across.askers)} lists of ten of EaP clusters an EU cluster stands",
    source=f"{style.SOURCE} Scoring model {m.status().weights}.",
    size=(9, 4.8),
)
labels = [f"{style.shorten(names[key])} ({key[:2].upper()})" for key in hubs.index]
axes.barh(labels, hubs, color=style.BLUE, height=0.7)
style.bars_only(axes)
style.label_bars(axes)
axes.set_xlabel("lists")
style.save(figure, "4_hubs")

# %% [markdown]
# ## Bridges inside the EaP
#
# Regional cooperation is a goal of its own. How many clusters of two countries have a likely good match
# in the other one says how much they have to talk about; documented partnerships say how much they do.
# A score knows nothing of politics: whether two countries can meet at all is for people to judge. A
# country that has suspended its part in the Eastern Partnership is left out, and so are Armenia with
# Azerbaijan, which are brought together only where a side has opted in.

# %%
inside = m.pair_scores("eap", "eap")
region = inside.to_frame().query("allowed")
region = region[~region["asker_country"].astype(str).map(suspended)].copy()
met = [
    {a, b} not in map(set, kept_apart())
    for a, b in zip(region["asker_country"], region["partner_country"], strict=True)
]
region = region[met]
region["pair"] = [
    " - ".join(sorted(countries()[code].name for code in codes))
    for codes in zip(region["asker_country"], region["partner_country"], strict=True)
]
half = region[region["asker"].astype(str) < region["partner"].astype(str)]
links = notebook.links(m.partnerships, m.clusters)
links = links.query("direction == 'EaP-EaP' and country_a != country_b")
done = links.assign(
    pair=[
        " - ".join(sorted(countries()[code].name for code in codes))
        for codes in zip(links["country_a"], links["country_b"], strict=True)
    ]
)["pair"].value_counts()
matched = region.groupby(["pair", "asker"], observed=True)["score"].max() >= STRONG
bridges = matched.groupby("pair").mean().to_frame("fit")
bridges["links"] = done.reindex(bridges.index).fillna(0).astype(int)
bridges = bridges.sort_values("fit")
quiet = bridges[bridges["links"] == 0]
figure, axes = style.chart(
    f"{len(quiet)} of {len(bridges)} pairs of EaP countries have no documented partnership, though "
    f"{quiet['fit'].min():.0%} to {quiet['fit'].max():.0%} of their clusters have a likely good match",
    f"Share of the clusters of two countries with a partner of {STRONG} or more in the other one; "
    "right: documented pairs",
    source=f"{style.SOURCE} Scoring model {m.status().weights}.",
    size=(9, 4.8),
)
colours = [style.ORANGE if n == 0 else style.BLUE for n in bridges["links"]]
axes.barh(bridges.index, bridges["fit"], color=colours, height=0.7)
for pair, fit, count in bridges.itertuples():
    axes.text(fit + 0.01, pair, f"{count} documented" if count else "none", va="center", fontsize=9)
style.bars_only(axes)
axes.set(xlim=(0, 1), xlabel="share of the clusters (orange: no documented partnership)")
axes.xaxis.set_major_formatter("{x:.0%}")
style.save(figure, "4_bridges")

# %%
fresh = half[~half["known_link"]].nlargest(8, "score")
pd.DataFrame(
    {
        "cluster": fresh["asker"].astype(str).map(names),
        "could meet": fresh["partner"].astype(str).map(names),
        "countries": fresh["pair"],
        "score": fresh["score"],
    }
).reset_index(drop=True).style.format({"score": "{:.2f}"})

# %% [markdown]
# ## Bridges of several clusters
#
# A programme often wants more than two: here one group for each trade, with a cluster from Georgia, from
# Moldova and from Ukraine and two from the EU. Every condition holds exactly, and no group of the best candidates
# is worth more.

# %%
TRADES = ("wine", "software", "tourism")
asked = {"must_countries": ("GE", "MD", "UA"), "eu_countries": 2, "of_one_country": 1}
built = {
    trade: build_groups(m, Conditions(trades=(trade,), at_least=5, at_most=5, **asked), count=1)
    for trade in TRADES
}
joined = {trade: answer.groups[0] for trade, answer in built.items() if answer.groups}
unknown = {
    trade: sum(b not in m.links.of(a) for a, b in combinations(group.ids, 2))
    for trade, group in joined.items()
}
figure, axes = style.chart(
    f"{len(joined)} groups could bridge Georgia, Moldova and Ukraine with two EU countries; "
    f"{sum(unknown.values())} of their {10 * len(joined)} pairs are new",
    "Best group of five for each trade; lines join its members whose seats are known",
    source=maps.MAP_SOURCE,
    size=(9, 8),
)
maps.draw_map(axes)
for colour, (trade, group) in zip(style.PALETTE, joined.items(), strict=False):
    seats = maps.positions(clusters.loc[list(group.ids)])
    seats = seats[~np.isnan(seats).any(axis=1)]
    for one, other in combinations(seats, 2):
        axes.plot(*np.array([one, other]).T, color=colour, lw=1.1, alpha=0.5, zorder=2)
    axes.scatter(*seats.T, s=45, color=colour, ec="white", zorder=3, label=trade)
axes.legend(loc="lower left")
style.save(figure, "4_groups")

# %%
pd.DataFrame(
    [
        {"trade": trade, "member": seat.cluster.name, "country": seat.cluster.country}
        for trade, group in joined.items()
        for seat in group.seats
    ]
)

# %% [markdown]
# ## The network that exists
#
# Documented partnerships make a network. Communities are groups that cooperate among themselves
# more than with others; a broker joins groups that would not meet without it.

# %%
graph = network.partnership_graph(m.partnerships, m.clusters)
groups = network.communities(graph, seed=SEED)
place = network.brokers(graph)
core = graph.subgraph(max(nx.connected_components(graph), key=len))
alone = len(clusters) - len(graph)
mixed = [g for g in groups if len({graph.nodes[key]["side"] for key in g}) == 2]
figure, axes = style.chart(
    f"{len(core)} clusters hang together; {alone / len(clusters):.0%} have no documented partner at all",
    f"Documented partnerships of the largest connected part (lines), EU blue, EaP orange; size: share "
    f"of shortest paths through a cluster; named: the {K} strongest brokers",
    size=(9, 8),
)
spots = nx.spring_layout(core, seed=SEED, weight=None, k=2.2 / np.sqrt(len(core)), iterations=150)
where = np.array([spots[key] for key in core])
for a, b in core.edges:
    axes.plot(*np.array([spots[a], spots[b]]).T, color="#C8C8C8", lw=0.6, zorder=1)
sizes = 20 + 1800 * place.loc[list(core), "betweenness"]
colours = [style.SIDES[core.nodes[key]["side"]] for key in core]
axes.scatter(*where.T, s=sizes, c=colours, alpha=0.85, lw=0.5, ec="white", zorder=2)
axes.grid(visible=False)
axes.set(xticks=[], yticks=[])
axes.spines[:].set_visible(False)
strong = place.head(K).index
style.write_labels(
    axes,
    [style.shorten(names[key], 26) for key in strong],
    np.array([spots[key] for key in strong]) + [0, 0.04],
)
style.save(figure, "4_network")

# %%
eap_brokers = place[place["side"] == "EaP"]
Markdown(
    f"The network has {len(graph)} clusters, {graph.number_of_edges()} pairs and {len(groups)} "
    f"communities, {len(mixed)} of them with members from both sides. The strongest broker is "
    f"**{place['name'].iloc[0]}**; in the EaP it is **{eap_brokers['name'].iloc[0]}** "
    f"({eap_brokers['across'].iloc[0]} partners across). "
    f"{(clusters['group'] == 'EaP').sum() - len(eap_brokers)} of "
    f"{(clusters['group'] == 'EaP').sum()} EaP clusters are not in it."
)

# %%
member = {key: number for number, group in enumerate(groups) for key in group}
holes = across.to_frame().query("allowed and not known_link").nlargest(400, "score")
holes = holes.assign(
    one=holes["asker"].astype(str).map(member), other=holes["partner"].astype(str).map(member)
).dropna(subset=["one", "other"])
holes = holes[holes["one"] != holes["other"]].head(8)
pd.DataFrame(
    {
        "EaP cluster": holes["asker"].astype(str).map(names),
        "EU cluster": holes["partner"].astype(str).map(names),
        "score": holes["score"],
        "communities joined": [
            f"{a:.0f} and {b:.0f}" for a, b in zip(holes["one"], holes["other"], strict=True)
        ],
    }
).reset_index(drop=True).style.format({"score": "{:.2f}"})

# %% [markdown]
# These pairs fit well, do not know each other, and would join two communities that have no or few
# ties: a structural hole is closed with one introduction. *Plan a programme* chooses introductions
# for many clusters at once.
