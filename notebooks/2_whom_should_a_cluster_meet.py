# %% [markdown]
# # Whom should a cluster meet?
#
# One cluster in depth: its list of partners, why the first is first, what changes with the purpose,
# and how far the list depends on weights that one might well set otherwise.
#
# **Change `NAME` below** to any cluster, in any script, and run the notebook again.

# %%
from textwrap import fill

import numpy as np
import pandas as pd
from IPython.display import Markdown

from matcher import Matcher, notebook
from matcher.matching.features import GROUP_TITLES
from matcher.matching.purposes import INTENT_TITLES
from matcher.notebook import maps, rank_stability, style, weight_influence
from matcher.profiles.taxonomy import countries

NAME, K, SEED = "Kharkiv IT Cluster", 10, 20
style.use()
m = Matcher.open()
cluster = m.find(NAME)
answer = m.recommend(cluster.id, k=K)
answer.to_frame()

# %%
partners = answer.to_frame()
lopsided = (partners["fit_for_you"] - partners["fit_for_them"]).idxmax()
Markdown(
    f"Of {answer.eligible} eligible clusters, the first is **{partners.loc[1, 'name']}** "
    f"({countries()[partners.loc[1, 'country']].name}) with a score of {partners.loc[1, 'score']:.2f}; "
    f"number {len(partners)} has {partners['score'].iloc[-1]:.2f}. They come from "
    f"{partners['country'].nunique()} countries. The most one-sided is "
    f"{partners.loc[lopsided, 'name']}: it fits {cluster.name} at "
    f"{partners.loc[lopsided, 'fit_for_you']:.2f}, while {cluster.name} fits it at "
    f"{partners.loc[lopsided, 'fit_for_them']:.2f}. "
    f"{(partners['known_links'] > 0).sum()} of them already share a documented partnership with it."
)

# %% [markdown]
# A score reads like a probability: that an adviser who compares the two profiles would call the pair
# good. It is a way to order clusters, not a promise.
#
# ## Where they are

# %%
everybody = notebook.profiles(m.clusters)
seats = pd.Series(list(maps.positions(everybody)), index=everybody.index)
figure, (axes, beside) = style.chart(
    f"The partners of {cluster.name} sit in {partners['country'].nunique()} countries, "
    f"{countries()[partners['country'].mode()[0]].name} first",
    f"Seats of the {len(partners)} best partners, numbered by rank (where known); orange: the asker",
    source=f"{style.SOURCE} {maps.MAP_SOURCE}",
    size=(11, 7),
    panels=(1, 2),
    width_ratios=(3, 1),
)
maps.draw_map(axes)
home = seats[cluster.id]
shown = [(rank, *seats[key]) for rank, key in partners["id"].items() if np.isfinite(seats[key][0])]
for _, x, y in shown:
    axes.plot([home[0], x], [home[1], y], color=style.SKY, lw=1.2, alpha=0.8, zorder=2)
spots = np.array(shown)[:, 1:]
axes.scatter(*spots.T, s=150, color=style.BLUE, zorder=3)
for rank, x, y in shown:
    axes.text(x, y, f"{rank:.0f}", color="white", ha="center", va="center", fontsize=8, zorder=4)
axes.scatter(*home, s=150, marker="*", color=style.ORANGE, zorder=4)
around = np.vstack([spots, home])
(left, top), (right, bottom) = around.min(axis=0) - 450, around.max(axis=0) + 450
wider = max(0, 1.3 * (bottom - top) - (right - left)) / 2
axes.set(xlim=(left - wider, right + wider), ylim=(bottom, top))
key = "\n".join(f"{rank}  {style.shorten(name, 34)}" for rank, name in partners["name"].items())
beside.text(0, 1, key, va="top", fontsize=9.5, linespacing=1.8)
beside.set_axis_off()
style.save(figure, "2_partners_on_the_map")

# %% [markdown]
# ## Why the first is first
#
# Each factor adds to, or takes from, the log-odds of the score. The bars start where a pair would
# stand of which nothing is known; their ends add up to the score exactly.

# %%
pair = m.explain(cluster.id, partners.loc[1, "id"])
steps = pair.to_frame().query("contribution.abs() >= 0.005")
logit = np.log(pair.recommendation.score / (1 - pair.recommendation.score))
start = logit - pair.to_frame()["contribution"].sum()
ends = start + steps["contribution"].cumsum()
main = steps["title"].iloc[:2].str.lower().tolist()
figure, axes = style.chart(
    f"{' and '.join(main).capitalize()} put {partners.loc[1, 'name']} first",
    f"What each factor adds to the log-odds that {cluster.name} and {partners.loc[1, 'name']} fit",
    source=f"Source: scoring model {pair.weights}, index {pair.generation}.",
    size=(9, 5.4),
)
colours = [style.BLUE if value > 0 else style.ORANGE for value in steps["contribution"]]
lefts = np.r_[start, ends[:-1]]
axes.barh(steps["title"], steps["contribution"], left=lefts, color=colours, height=0.7)
axes.axvline(start, color=style.GREY, lw=1, ls=":", zorder=0)
axes.axvline(logit, color=style.GREY, lw=1, zorder=0)
for title, value, left in zip(steps["title"], steps["contribution"], lefts, strict=True):
    axes.text(
        max(left, left + value) + 0.05, title, f"{value:+.2f}", va="center", fontsize=9,
        bbox={"fc": "white", "ec": "none", "pad": 1},
    )  # fmt: skip
axes.invert_yaxis()
style.bars_only(axes)
axes.set_xlabel(
    f"log-odds; dotted: nothing known, solid: this pair (score {pair.recommendation.score:.2f})"
)
axes.margins(x=0.08)
style.save(figure, "2_waterfall")

# %%
pair.to_frame()[["title", "contribution", "yours", "theirs"]]

# %% [markdown]
# ## What changes with the purpose
#
# A purpose lifts partners whose offers, needs or kind of organisation show it: whoever wants to sell
# should meet those who find buyers. The table shows the place of each partner in the list for each
# purpose.

# %%
pairs = m.pair_scores([cluster.id], "eu" if cluster.group == "EaP" else "eap")
ranks = {"no purpose": pairs.top(K).set_index("partner")["rank"]}
for intent, title in INTENT_TITLES.items():
    ranks[title] = pairs.weighted(intent=intent).top(K).set_index("partner")["rank"]
places = pd.DataFrame(ranks).astype("Int64")
places = places.reindex(places.fillna(K + 1).mean(axis=1).sort_values(kind="stable").index)
names = everybody["name"]
everywhere = places.notna().all(axis=1).sum()
kept = places.notna().mul(places["no purpose"].notna(), axis=0).sum() / K
least = kept.drop("no purpose").astype(float).idxmin()
figure, axes = style.chart(
    f"{everywhere} partners stand in the first {K} for every purpose; "
    f"“{least}” changes the list most",
    "Rank in the list for each purpose; blank: not among the first ten",
    source=f"Source: scoring model {answer.weights}; a purpose adds log-odds where a profile shows it.",
    size=(9, 0.32 * len(places) + 2.2),
)
grid = places.astype(float).to_numpy()
axes.imshow(grid, cmap="Blues_r", vmin=-4, vmax=K + 6, aspect="auto")
for (row, column), rank in np.ndenumerate(grid):
    if np.isfinite(rank):
        ink = "white" if rank <= 3 else style.BLACK
        axes.text(column, row, f"{rank:.0f}", ha="center", va="center", color=ink, fontsize=9.5)
axes.set_xticks(range(len(places.columns)), [fill(column, 13) for column in places.columns])
axes.set_yticks(range(len(places)), [style.shorten(names[key]) for key in places.index])
axes.tick_params(axis="x", labelsize=8.5)
axes.xaxis.tick_top()
axes.grid(visible=False)
axes.spines[:].set_visible(False)
style.save(figure, "2_purposes")

# %% [markdown]
# ## What if the weights were others?
#
# Weights of six groups of factors can be set for one question: 0 ignores a group, 2 doubles it. Here
# countries and markets are ignored, and met needs count double.

# %%
mine = {"markets": 0.0, "needs": 2.0}
other = m.recommend(cluster.id, k=K, weights=mine).to_frame()
new = other[~other["id"].isin(partners["id"])]
Markdown(
    f"With {', '.join(f'{GROUP_TITLES[name].lower()} x {factor:g}' for name, factor in mine.items())}"
    f", {K - len(new)} of {K} partners stay. "
    + (f"New are {', '.join(new['name'])}." if len(new) else "Nobody new comes in.")
)

# %% [markdown]
# No single change says how firm the list is. So all six weights are drawn anew, 500 times: two thirds
# of the time each lies between 0.6 and 1.6 times what it is.

# %%
stability = rank_stability(pairs, k=K, draws=500, spread=0.5, seed=SEED)
near = stability.to_frame().query("rank <= @K + 4")
sure = (near["share"] >= 0.9).sum()
figure, axes = style.chart(
    f"{stability.overlap.mean():.0%} of the list stays whatever the weights; "
    f"{sure} partners are in it nine times of ten",
    f"Rank with today's weights (dot) and in the middle 90% of {len(stability.overlap)} draws (line); "
    f"right: share of draws in the first {K}",
    source=f"Source: scoring model {answer.weights}, all weights drawn log-normally, seed {SEED}.",
    size=(9, 5.6),
)
labels = [style.shorten(name) for name in near["name"]]
tints = np.where(
    near["share"] >= 0.9, style.BLUE, np.where(near["share"] >= 0.5, style.SKY, "#B8B8B8")
)
axes.hlines(labels, near["low"], near["high"], color=tints, lw=4, alpha=0.6)
axes.scatter(near["rank"], labels, color=tints, s=45, zorder=3)
edge = near["high"].max() + 1.5
for label, share in zip(labels, near["share"], strict=True):
    axes.text(edge, label, f"{share:.0%}", va="center", fontsize=9.5)
axes.axvline(K + 0.5, color=style.GREY, lw=1, ls=":")
axes.xaxis.get_major_locator().set_params(integer=True)
axes.set(xlim=(0, edge + 1.5), xlabel=f"rank (dotted: end of the first {K})")
axes.invert_yaxis()
style.save(figure, "2_stability")

# %%
influence = weight_influence(pairs, K)
strongest = influence.iloc[0]
Markdown(
    f"The weight that the list hangs on most is **{strongest['title'].lower()}**: without it "
    f"{strongest['ignored']:.0%} of the first {K} stay. "
    f"{(influence['ignored'] == 1).sum()} of {len(influence)} weights can be set to 0, one at a "
    "time, without any change of who is in the list."
)

# %%
influence.style.format("{:.0%}", subset=["ignored", "doubled"])

# %% [markdown]
# **Take away.** Partners that stay under all weights and purposes are safe to introduce first; for
# the others, decide the purpose before you read the list.
