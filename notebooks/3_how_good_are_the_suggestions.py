# %% [markdown]
# # How good are the suggestions?
#
# Two measures. First: would an experienced adviser propose the partners in a list? Pairs were graded 0
# to 3 for that, by a large language model under a rubric; no people have checked the grades yet. Second:
# are partners found that are documented to have worked together? That is strict in one way (no easy,
# sampled negatives) and unfair in another: a suggestion that nobody ever tried counts as wrong.

# %%
import pandas as pd
from IPython.display import Markdown

from matcher import Matcher
from matcher.evaluation.bench import Bench, best_first
from matcher.evaluation.documented import evaluate_split
from matcher.evaluation.graded import evaluate_graded
from matcher.evaluation.judged import judged_needs, judged_pairs, judged_texts
from matcher.evaluation.metrics import FIRST, GOOD, UNGRADED, measured
from matcher.matching.features import GROUP_TITLES
from matcher.matching.purposes import INTENT_TITLES
from matcher.notebook import style
from matcher.profiles.taxonomy import countries, ecosystems

RANKERS = {
    "matcher": "this matcher", "fusion": "TF-IDF + embedding", "embedding": "sentence embedding",
    "tfidf": "TF-IDF", "bm25": "BM25", "ecosystem": "shared ecosystem (filter)",
    "random": "chance",
}  # fmt: skip
LANGUAGES = {
    "en": "English", "ro": "Romanian", "uk": "Ukrainian", "ka": "Georgian", "ru": "Russian",
    "hy": "Armenian", "az": "Azerbaijani",
}  # fmt: skip
DIRECTIONS = {
    "eap_eu": "EaP clusters look for EU partners",
    "eu_eu": "EU clusters look for EU partners",
}
style.use()
m = Matcher.open()
graded = evaluate_graded(m.snapshot, m.encoder, judged_pairs(), judged_needs(), judged_texts())
documented = evaluate_split(m.snapshot, m.model)
GRADED = (
    f"Source: {graded.protocol['graded_pairs']:,} graded pairs of data/judged; cross-validated."
)
SOURCE = (
    "Source: documented partnerships of data/partnerships.jsonl; scoring model "
    f"{m.status().weights}."
)

# %%
Markdown(
    f"""
**Protocol.** {graded.protocol["askers"]} clusters and {graded.protocol["texts"]} texts; candidates:
{graded.protocol["candidates"]}; models {graded.protocol["models"]}. Gain {graded.protocol["gain"]}.
Intervals: {graded.protocol["interval"]}.
"""
)

# %% [markdown]
# ## Against what one has without it


# %%
def dots(panel, labels, estimates, colours):
    """One dot with its interval for each label."""
    panel.hlines(
        labels,
        [e.low for e in estimates],
        [e.high for e in estimates],
        color=colours,
        lw=3,
        alpha=0.5,
    )
    panel.scatter([e.value for e in estimates], labels, color=colours, s=55, zorder=3)


clusters = graded.slices["clusters"]
ours = clusters.rankers["matcher"]
figure, axes = style.chart(
    f"{10 * ours['good@10'].value:.1f} of ten partners are good, "
    f"{10 * ours['silly@10'].value:.1f} silly",
    f"First tens of {clusters.clusters} EaP clusters with 95% intervals; what is not graded counts as "
    "neither good nor silly",
    source=GRADED,
    size=(11, 4.6),
    panels=(1, 3),
    sharey=True,
)
shown = {
    "ndcg@10": "nDCG@10",
    "good@10": "share good (grade 2 or 3)",
    "silly@10": "share silly (0)",
}
for panel, (metric, title) in zip(axes, shown.items(), strict=True):
    colours = [style.BLUE if ranker == "matcher" else style.GREY for ranker in RANKERS]
    dots(panel, list(RANKERS.values()), [clusters.rankers[r][metric] for r in RANKERS], colours)
    panel.set_title(title)
    panel.set_xlim(left=-0.01)
axes[0].invert_yaxis()
style.save(figure, "3_graded")

# %%
gain = clusters.gain["ndcg@10"]
Markdown(
    f"Against the best baseline ({RANKERS[clusters.best_baseline]}) nDCG@10 is {gain.value:+.3f} "
    f"[{gain.low:+.3f}, {gain.high:+.3f}], paired over clusters. Of the first ten, "
    f"{ours['graded@10'].value:.0%} were graded at all."
)

# %% [markdown]
# ## What stands at each place of a list

# %%
bench = Bench.of(m.snapshot.corpus, judged_pairs(), judged_needs())
models = bench.fold_models()
lists = {asker: best_first(bench.scores(asker, models)) for asker in bench.values}
tens = pd.DataFrame({asker: bench.grades[asker][order[:FIRST]] for asker, order in lists.items()}).T
tens.columns = range(1, FIRST + 1)
GRADES = {
    3: ("first choice", style.BLUE), 2: ("good", style.SKY), 1: ("conceivable", "#C9C9C9"),
    0: ("no", style.ORANGE), UNGRADED: ("not graded", "white"),
}  # fmt: skip
shares = tens.apply(lambda place: place.value_counts(normalize=True)).reindex(GRADES).fillna(0)
figure, axes = style.chart(
    f"The first place is a first choice for {shares.loc[3, 1]:.0%} of the clusters, the tenth for "
    f"{shares.loc[3, FIRST]:.0%}",
    f"Grades of the partners at each place of the lists of {len(tens)} EaP clusters",
    source=GRADED,
    size=(9, 4.8),
)
below = 0 * shares.iloc[0]
for grade, (title, colour) in GRADES.items():
    axes.bar(below.index, shares.loc[grade], bottom=below, color=colour, ec=style.GREY, lw=0.5,
             label=title)  # fmt: skip
    below = below + shares.loc[grade]
style.bars_only(axes, horizontal=False)
axes.set(xlabel="place in the list", ylabel="share of the clusters", ylim=(0, 1))
axes.set_xticks(tens.columns)
axes.yaxis.set_major_formatter("{x:.0%}")
axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), reverse=True, title="Grade")
style.save(figure, "3_places")

# %%
quality = pd.Series(measured(bench.grades, lists)["ndcg@10"], index=list(lists)).sort_values()
weakest = quality.head(10)
Markdown(
    f"Half of the clusters get an nDCG@10 above {quality.median():.2f}; the weakest ten lie between "
    f"{weakest.iloc[0]:.2f} and {weakest.iloc[-1]:.2f}. Even of theirs, "
    f"{(tens.loc[weakest.index] >= GOOD).sum(axis=1).mean():.1f} of ten partners are good: what they "
    "lack is first choices. `docs/matching.md` reads these lists one by one."
)

# %%
pd.DataFrame(
    {
        "cluster": [m.find(asker).name for asker in weakest.index],
        "nDCG@10": weakest.round(2),
        **{title: (tens.loc[weakest.index] == grade).sum(axis=1)
           for grade, (title, _) in GRADES.items()},
    }
).reset_index(drop=True)  # fmt: skip

# %% [markdown]
# ## A paragraph instead of a profile, in seven languages

# %%
texts = {title: graded.slices[f"texts/{code}"] for code, title in LANGUAGES.items()}
english, others = (graded.slices[f"texts/{name}"].rankers["matcher"]["ndcg@10"].value
                   for name in ("en", "not_en"))  # fmt: skip
figure, axes = style.chart(
    f"Texts in six other languages keep {others / english:.0%} of the English quality",
    f"nDCG@10 of {texts['English'].clusters} texts in each language with 95% intervals; "
    "grey: the best baseline",
    source=GRADED,
    size=(9, 4.6),
)
best = [part.rankers[part.best_baseline]["ndcg@10"] for part in texts.values()]
dots(axes, list(texts), best, [style.GREY] * len(texts))
dots(axes, list(texts), [p.rankers["matcher"]["ndcg@10"] for p in texts.values()],
     [style.BLUE] * len(texts))  # fmt: skip
axes.set(xlim=(0, 1), xlabel="nDCG@10")
axes.invert_yaxis()
style.save(figure, "3_languages")

# %%
same = pd.Series({LANGUAGES[code]: one.value for code, one in graded.shared_with_english.items()})
Markdown(
    f"Of ten partners, {10 * same.mean():.1f} stand in the list of the English text, too "
    f"(fewest: {same.idxmin()}, {10 * same.min():.1f}; most: {same.idxmax()}, {10 * same.max():.1f})."
)

# %% [markdown]
# ## Does a score mean what it says?

# %%
bins = pd.DataFrame(graded.calibration)
error = (bins["pairs"] * (bins["score"] - bins["good"]).abs()).sum() / bins["pairs"].sum()
figure, axes = style.chart(
    f"Scores are {100 * error:.1f} points off what was graded, on average",
    "Mean score of a bin against the share of its pairs graded as good; size of dot: number of pairs",
    source=GRADED,
    size=(6.2, 5.8),
)
axes.plot([0, 1], [0, 1], color=style.GREY, ls=":", lw=1.5)
axes.plot(bins["score"], bins["good"], color=style.BLUE, lw=1.5)
axes.scatter(bins["score"], bins["good"], s=bins["pairs"] / 2, clip_on=False)
axes.set(xlim=(0, 1), ylim=(0, 1), aspect="equal", xlabel="mean score", ylabel="share good")
style.save(figure, "3_calibration")

# %% [markdown]
# ## What each group of features is worth

# %%
titles = {**GROUP_TITLES, "target": "Target country alone"}
loss = {titles[name]: metrics["ndcg@10"] for name, metrics in graded.ablation.items()}
loss = dict(sorted(loss.items(), key=lambda item: item[1].value))
proven = [title for title, one in loss.items() if one.low > 0]
helping = [title for title in proven if title in GROUP_TITLES.values()]
figure, axes = style.chart(
    f"{len(helping)} of {len(GROUP_TITLES)} groups are proven to help; "
    f"“{list(loss)[-1].lower()}” is missed most",
    "Loss of nDCG@10 when a group is left out and the rest is learned anew; 95% intervals. "
    "Right of 0: the group helps",
    source=GRADED,
    size=(9, 4.2),
)
colours = [style.BLUE if title in proven else style.GREY for title in loss]
dots(axes, list(loss), list(loss.values()), colours)
axes.axvline(0, color=style.BLACK, lw=1)
style.save(figure, "3_ablation")

# %% [markdown]
# ## What a purpose changes

# %%
purposes = pd.DataFrame(
    {
        INTENT_TITLES[intent]: {name: one.value for name, one in told.items()}
        for intent, told in graded.purposes.items()
    }
).T
purposes[["shown_before", "shown", "good_before", "good", "good_of_graded_before", "good_of_graded"]
         ].style.format("{:.2f}")  # fmt: skip

# %%
spread = pd.DataFrame(graded.diversity)
spread["nDCG@10"] = [one.value for one in spread["ndcg@10"]]
spread["first five"] = [
    ", ".join(f"{code} {share:.0%}" for code, share in one.items()) for one in spread["countries"]
]
spread[["diversity", "nDCG@10", "coverage", "most_listed", "first five"]]

# %% [markdown]
# ## Are documented partners found?

# %%
figure, axes = style.chart(
    "A documented partner is in the first ten for "
    f"{documented.slices['eap_eu'].rankers['matcher']['hit@10'].value:.0%} of EaP clusters; chance finds "
    f"{documented.slices['eap_eu'].rankers['random']['hit@10'].value:.0%}",
    "Share of clusters with a documented partner among the first ten (hit@10), with 95% intervals; "
    "target countries left out",
    source=SOURCE,
    size=(10, 4.6),
    panels=(1, 2),
    sharey=True,
    sharex=True,
)
for panel, (direction, title) in zip(axes, DIRECTIONS.items(), strict=True):
    part = documented.slices[direction]
    colours = [style.BLUE if ranker == "matcher" else style.GREY for ranker in RANKERS]
    dots(panel, list(RANKERS.values()), [part.rankers[r]["hit@10"] for r in RANKERS], colours)
    panel.set_title(f"{title} ({part.clusters})")
    panel.set(xlim=(-0.03, 1.03))
    panel.xaxis.set_major_formatter("{x:.0%}")
axes[0].invert_yaxis()
style.save(figure, "3_rankers")


# %%
def verdict(direction):
    """What the paired difference to the best baseline says."""
    one = documented.slices[direction]
    gain = one.gain["ndcg@10"]
    known = (
        "a clear gain"
        if gain.low > 0
        else "a clear loss"
        if gain.high < 0
        else "no proven difference"
    )
    return (
        f"{DIRECTIONS[direction]}: nDCG@10 {one.rankers['matcher']['ndcg@10'].value:.3f} against "
        f"{one.rankers[one.best_baseline]['ndcg@10'].value:.3f} of {RANKERS[one.best_baseline]}; paired "
        f"difference {gain.value:+.3f} [{gain.low:+.3f}, {gain.high:+.3f}]: **{known}**."
    )


Markdown("\n\n".join(verdict(direction) for direction in DIRECTIONS))

# %%
cuts = documented.to_frame().query(
    "ranker == 'matcher' and metric == 'ndcg@10' and slice.str.contains('/') and clusters >= 5"
)
titles = {**ecosystems(), **{code: country.name for code, country in countries().items()}}
cuts = cuts.assign(
    label=[
        f"{'EaP' if name.startswith('eap') else 'EU'}, "
        + titles.get(name.split("=")[-1], name.split("/")[1].replace("_", " "))
        + f" ({count})"
        for name, count in zip(cuts["slice"], cuts["clusters"], strict=True)
    ]
).sort_values("value")
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
# **Take away.** What an adviser would propose is found more often than by any baseline, and rarely is
# a partner silly. Who did meet is another question: there plain likeness of texts does as well or, for
# EaP clusters, better, as many such partnerships were made for reasons that no profile tells.
