# %% [markdown]
# # How good are the suggestions?
#
# The benchmark: partners that are documented to have worked together are hidden, and each ranker is
# asked to find them among *all* eligible clusters. This is strict in one way (no easy, sampled
# negatives) and unfair in another: a suggestion that nobody ever tried counts as wrong.

# %%
from dataclasses import asdict

import pandas as pd
from IPython.display import Markdown
from matcher.evaluation.evaluate import evaluate_split

from matcher import Matcher, notebook
from matcher.evaluation import studies
from matcher.matching.features import FEATURE_TITLES
from matcher.notebook import style
from matcher.profiles.taxonomy import countries, ecosystems

SEED = 20
RANKERS = {
    "matcher": "this matcher", "fusion": "TF-IDF + embedding", "embedding": "sentence embedding",
    "tfidf": "TF-IDF", "bm25": "BM25", "ecosystem": "shared ecosystem (filter)",
    "popularity": "popularity", "random": "chance",
}  # fmt: skip
DIRECTIONS = {
    "eap_eu": "EaP clusters look for EU partners",
    "eu_eu": "EU clusters look for EU partners",
}
style.use()
m = Matcher.open()
names = notebook.profiles(m.clusters)["name"]
report = evaluate_split(m.snapshot, "test")
SOURCE = f"Source: documented partnerships of data/partnerships.jsonl; scoring model {m.status().weights}."

# %%
eap = report.slices["eap_eu"]
Markdown(
    f"""
**Protocol.** {report.protocol["questions"]} questions from {report.protocol["groups"]} groups of
partnerships that were set aside as *test*; {report.protocol["weights"]}. A group is hidden as a
whole: partnerships that share a pair of clusters are never split. Candidates:
{report.protocol["candidates"]}. Averages: {report.protocol["average"]}; intervals:
{report.protocol["interval"]}. Target countries are left out, as some were read on pages about the very
partnerships.

**Size.** The question that matters most, EaP clusters that look for EU partners, rests on
{eap.clusters} clusters with {eap.pairs} documented pairs: read the intervals before the values.
"""
)

# %% [markdown]
# ## Against what one has without it

# %%
frame = report.to_frame()
shown = [name for name in RANKERS if name in set(frame["ranker"])]


def value(direction, ranker, metric="ndcg@10"):
    """One figure of the report."""
    return report.slices[direction].rankers[ranker][metric]


figure, axes = style.chart(
    f"A matching partner is in the first ten for {value('eap_eu', 'matcher', 'hit@10').value:.0%} of "
    f"EaP clusters; chance finds {value('eap_eu', 'random', 'hit@10').value:.0%}",
    "Share of clusters with a documented partner among the first ten (hit@10), with 95% intervals",
    source=SOURCE,
    size=(10, 4.8),
    panels=(1, 2),
    sharey=True,
    sharex=True,
)
for panel, (direction, title) in zip(axes, DIRECTIONS.items(), strict=True):
    part = [value(direction, ranker, "hit@10") for ranker in shown]
    colours = [style.BLUE if ranker == "matcher" else style.GREY for ranker in shown]
    labels = [RANKERS[ranker] for ranker in shown]
    panel.hlines(
        labels, [e.low for e in part], [e.high for e in part], color=colours, lw=3, alpha=0.5
    )
    panel.scatter([e.value for e in part], labels, color=colours, s=55, zorder=3)
    panel.set_title(f"{title} ({report.slices[direction].clusters})")
    panel.set(xlim=(-0.03, 1.03))
    panel.xaxis.set_major_formatter("{x:.0%}")
axes[0].invert_yaxis()
style.save(figure, "3_rankers")


# %%
def verdict(direction):
    """What the paired difference to the best baseline says."""
    one = report.slices[direction]
    gain = one.gain["ndcg@10"]
    known = (
        "a clear gain"
        if gain.low > 0
        else "a clear loss"
        if gain.high < 0
        else "no proven difference"
    )
    return (
        f"{DIRECTIONS[direction]}: nDCG@10 {value(direction, 'matcher').value:.3f} against "
        f"{value(direction, one.best_baseline).value:.3f} of the best baseline "
        f"({RANKERS.get(one.best_baseline, one.best_baseline)}); paired difference {gain.value:+.3f} "
        f"[{gain.low:+.3f}, {gain.high:+.3f}]: **{known}**."
    )


Markdown("\n\n".join(verdict(direction) for direction in DIRECTIONS))

# %%
table = frame[frame["slice"].isin(DIRECTIONS) & frame["ranker"].isin(shown)]
table.pivot_table(index=["slice", "ranker"], columns="metric", values="value").style.format(
    "{:.3f}"
)

# %% [markdown]
# ## For whom it works better, and for whom worse

# %%
cuts = frame.query("ranker == 'matcher' and metric == 'ndcg@10' and slice.str.contains('/')")
cuts = cuts[cuts["clusters"] >= 5].copy()
titles = {**ecosystems(), **{code: country.name for code, country in countries().items()}}
cuts["label"] = [
    f"{'EaP' if name.startswith('eap') else 'EU'}, "
    + titles.get(name.split("=")[-1], name.split("/")[1].replace("_", " "))
    + f" ({count})"
    for name, count in zip(cuts["slice"], cuts["clusters"], strict=True)
]
cuts = cuts.sort_values("value")
figure, axes = style.chart(
    f"Found most easily: {cuts['label'].iloc[-1].rsplit(' (', 1)[0]}; hardest: "
    f"{cuts['label'].iloc[0].rsplit(' (', 1)[0]}",
    "nDCG@10 of the matcher with 95% intervals; slices of at least five clusters (their number); "
    "orange: EaP askers, blue: EU askers",
    source=SOURCE,
    size=(9, 0.27 * len(cuts) + 2),
)
colours = [style.SIDES["EaP" if name.startswith("EaP") else "EU"] for name in cuts["label"]]
axes.hlines(cuts["label"], cuts["low"], cuts["high"], color=colours, lw=3, alpha=0.45)
axes.scatter(cuts["value"], cuts["label"], color=colours, s=40, zorder=3)
axes.set(xlim=(0, None), xlabel="nDCG@10")
axes.tick_params(axis="y", labelsize=9)
style.save(figure, "3_slices")

# %% [markdown]
# ## Can a score be read as a probability?
#
# Here documented and other candidates weigh the same, so that the curve spans the whole range.

# %%
curve = report.calibration
figure, axes = style.chart(
    f"Scores are {'close to' if curve.error < 0.05 else 'off'} what is documented: "
    f"{100 * curve.error:.1f} points on average",
    "Mean score of a tenth of the scale against the share of documented pairs in it; "
    "size of dot: weight of the tenth",
    source=SOURCE,
    size=(6.2, 5.8),
)
axes.plot([0, 1], [0, 1], color=style.GREY, ls=":", lw=1.5)
axes.plot(curve.scores, curve.frequencies, color=style.BLUE, lw=1.5)
axes.scatter(curve.scores, curve.frequencies, s=[900 * w for w in curve.weights], clip_on=False)
axes.set(xlim=(0, 1), ylim=(0, 1), aspect="equal", xlabel="mean score", ylabel="share documented")
style.save(figure, "3_calibration")

# %%
spread = pd.DataFrame(
    [asdict(report.exposure[name]) for name in shown], index=[RANKERS[name] for name in shown]
)
Markdown(
    f"**Exposure.** The first ten of all EaP askers in the test reach "
    f"{spread.loc['this matcher', 'coverage']:.0%} of the EU clusters; the most suggested one stands in "
    f"{spread.loc['this matcher', 'congestion']:.0%} of the lists. *Plan a programme* spreads "
    "introductions where that is too much."
)

# %% [markdown]
# ## What each factor is worth
#
# From here on the *dev* groups are used, cross-validated, so that nobody tunes on the test. A factor
# is taken out, the other weights are learned anew, and the questions are asked again.

# %%
ablation = pd.DataFrame(
    [
        (one.direction, FEATURE_TITLES[one.factor], one.alone.value, *one.loss)
        for one in studies.ablation(m.snapshot)
    ],
    columns=["direction", "factor", "alone", "loss", "low", "high"],
)
order = ablation.groupby("factor")["loss"].mean().sort_values().index
proven = ablation[ablation["low"] > 0]
figure, axes = style.chart(
    f"Of {len(order)} factors, {proven['factor'].nunique()} "
    + ("is" if proven["factor"].nunique() == 1 else "are")
    + f" proven to be missed when left out; {order[-1].lower()} is missed most",
    "Loss of nDCG@10 when one factor is left out and the rest is learned anew; 95% intervals. "
    "Right of 0: the factor helps",
    source=SOURCE,
    size=(10, 5),
    panels=(1, 2),
    sharey=True,
    sharex=True,
)
for panel, (direction, title) in zip(axes, DIRECTIONS.items(), strict=True):
    part = ablation[ablation["direction"] == direction].set_index("factor").loc[order]
    colours = [style.BLUE if low > 0 else style.ORANGE if high < 0 else style.GREY
               for low, high in zip(part["low"], part["high"], strict=True)]  # fmt: skip
    panel.hlines(order, part["low"], part["high"], color=colours, lw=3, alpha=0.5)
    panel.scatter(part["loss"], order, color=colours, s=50, zorder=3)
    panel.axvline(0, color=style.BLACK, lw=1)
    panel.set_title(title)
style.save(figure, "3_ablation")

# %%
alone = ablation[ablation["direction"] == "eap_eu"].set_index("factor")["alone"].sort_values()
Markdown(
    f"Alone, **{alone.index[-1].lower()}** orders EU partners of EaP clusters best (nDCG@10 "
    f"{alone.iloc[-1]:.3f}), {alone.index[0].lower()} worst ({alone.iloc[0]:.3f}). A factor that "
    "adds nothing here may still be worth its place: it gives a reason that people can check."
)

# %% [markdown]
# ## Would more partnerships help?

# %%
curve = pd.DataFrame(
    [
        (p.direction, p.share, p.groups, *p.value)
        for p in studies.learning_curve(m.snapshot, seed=SEED)
    ],
    columns=["direction", "share", "groups", "value", "low", "high"],
)
steps = curve.pivot(index="groups", columns="direction", values="value")
change = steps.iloc[-1] - steps.iloc[0]
figure, axes = style.chart(
    f"Learning moves nDCG@10 by {change['eap_eu']:+.3f} for EaP askers, {change['eu_eu']:+.3f} "
    "for EU askers",
    "nDCG@10 by the number of groups of partnerships learned from, with 95% intervals; "
    "0: weights set by reason",
    source=f"{SOURCE} Random parts, seed {SEED}.",
    size=(9, 4.8),
)
for direction, title in DIRECTIONS.items():
    part = curve[curve["direction"] == direction]
    colour = style.SIDES["EaP" if direction.startswith("eap") else "EU"]
    axes.fill_between(part["groups"], part["low"], part["high"], color=colour, alpha=0.12, lw=0)
    axes.plot(part["groups"], part["value"], "o-", color=colour, label=title)
axes.set(ylim=(0, None), xlabel="groups of partnerships", ylabel="nDCG@10")
axes.legend(loc="lower right")
style.save(figure, "3_learning_curve")

# %%
gain = change.abs().max()
Markdown(
    "The curve is "
    + ("flat" if gain < 0.02 else "not flat")
    + ": "
    + (
        "the weights that were set by reason are as good as those that a few dozen groups can "
        "teach. What would help is not more of the same, but richer profiles and other evidence."
        if gain < 0.02
        else f"it moves by up to {gain:.3f}, so further documented partnerships may still pay."
    )
)

# %% [markdown]
# ## The worst misses

# %%
missed = pd.DataFrame(studies.misses(m.snapshot))
missed["share"] = missed["rank"] / missed["candidates"]
first_ten = (missed["rank"] <= 10).mean()
lower_half = (missed["share"] > 0.5).mean()
Markdown(
    f"Of {len(missed):,} documented pairs (dev, all directions), {first_ten:.0%} stand in the first "
    f"ten; {lower_half:.0%} stand in the lower half of the list, where nobody looks."
)

# %%
worst = missed[missed["direction"] == "eap_eu"].head(10)
pd.DataFrame(
    {
        "asker": worst["asker"].map(names),
        "documented partner": worst["partner"].map(names),
        "its place": worst["rank"].astype(str) + " of " + worst["candidates"].astype(str),
        "first instead": worst["first"].map(names),
        "falls behind in": worst["factor"].map(FEATURE_TITLES),
    }
).reset_index(drop=True)

# %%
behind = missed[missed["share"] > 0.5]["factor"].map(FEATURE_TITLES).value_counts(normalize=True)
askers = missed[missed["share"] > 0.5]["asker"].map(names).value_counts()
Markdown(
    f"What is missed falls behind in **{behind.index[0].lower()}** in {behind.iloc[0]:.0%} of these "
    f"cases: the two speak of different things. Such partnerships may have been made for reasons that "
    "no profile tells: a common programme, a cross-sector theme, people who knew each other. "
    f"{askers.index[0]} alone has {askers.iloc[0]} of them."
)

# %% [markdown]
# **Take away.** The suggestions find like partners well. They do not foresee partnerships across
# sectors that a programme brought together, and for EaP clusters the evidence is still small.
