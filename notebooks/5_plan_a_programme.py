# %% [markdown]
# # How should a programme choose thirty introductions?
#
# A programme brings thirty EaP clusters, five from each country, together with thirty EU clusters that
# were invited. Everybody gets one introduction. If each EaP cluster simply asked its own first
# choice, a few EU clusters would be asked by many and most by nobody. What does a plan do better,
# and what does fairness cost?

# %%
from dataclasses import asdict

import pandas as pd
from IPython.display import Markdown

from matcher import Matcher, notebook
from matcher.notebook import style
from matcher.planning.exposure import naive_lists, spread
from matcher.profiles.taxonomy import countries

PER_COUNTRY, INVITED = 5, 30
style.use()
m = Matcher.open()
clusters = notebook.profiles(m.clusters)
names = clusters["name"]
eap = clusters[clusters["group"] == "EaP"]
askers = (
    eap.sort_values("completeness", ascending=False, kind="stable")
    .groupby("country", observed=True)
    .head(PER_COUNTRY)
    .index.tolist()
)
across = m.pair_scores(askers, "eu")
firsts, wanted = across.top(1)["partner"].unique(), across.top(20)["partner"].value_counts().index
targets = list(dict.fromkeys([*firsts, *wanted]))[:INVITED]
SOURCE = f"{style.SOURCE} Scoring model {m.status().weights}."
Markdown(
    f"The {len(askers)} EaP clusters are those with the most complete profiles of each country. "
    f"Of the {len(targets)} EU clusters, {len(firsts)} are somebody's first choice; the others stand most "
    "often in the askers' first twenty."
)

# %% [markdown]
# Two objectives: the largest **total** value, and the best for the **worst-off** (first the lowest
# promise is raised as far as possible, then the next, then the total). No documented pair is
# introduced again.

# %%
LIMITS = {"askers": askers, "targets": targets, "asker_limits": {"at_least": 1, "at_most": 1}}
TITLES = {
    "naive": "own first choice",
    "total": "plan: total",
    "worst-off": "plan: worst-off",
}
plans = {
    objective: notebook.plan(m, objective=objective, target_limits={"at_most": 1}, **LIMITS)
    for objective in ("total", "worst-off")
}
total = plans["total"]
fits = total.fits.for_askers, total.fits.for_targets
pairs = {"naive": naive_lists(total.instance, fits[0])}
pairs |= {objective: plan.plan.pairs for objective, plan in plans.items()}
measured = {key: asdict(spread(total.instance, chosen, *fits)) for key, chosen in pairs.items()}
figures = pd.DataFrame(measured).T.drop(columns="most_asked").astype(float)
figures.rename(index=TITLES).round(2)

# %%
naive, best = figures.loc["naive"], figures.loc["total"]
figure, axes = style.chart(
    f"A plan makes {best['expected_matches'] / naive['expected_matches']:.1f} times the matches of "
    "everybody's own first choice",
    f"{len(askers)} introductions between {len(askers)} EaP and {len(targets)} EU clusters; each EU "
    "cluster has one place",
    source=f"{SOURCE} A request counts as a match with the product of both fits as its chance.",
    size=(10, 3.8),
    panels=(1, 3),
    sharey=True,
)
panels = {
    "expected_matches": ("Expected matches", "{:.1f}"),
    "target_coverage": ("EU clusters that are asked", "{:.0%}"),
    "over_capacity": ("Requests without a place", "{:.0f}"),
}
for panel, (column, (title, form)) in zip(axes, panels.items(), strict=True):
    colours = [style.GREY if key == "naive" else style.BLUE for key in figures.index]
    panel.barh([TITLES[key] for key in figures.index], figures[column], color=colours, height=0.65)
    panel.set_title(title)
    panel.margins(x=0.2)
    panel.set_xticks([])
    style.bars_only(panel)
    style.label_bars(panel, form)
axes[0].invert_yaxis()
style.save(figure, "5_plans")

# %% [markdown]
# ## What fairness costs

# %%
value = pd.DataFrame(
    {
        key: pd.Series({total.askers[i].id: total.fits.value[i, j] for i, j in chosen})
        for key, chosen in pairs.items()
        if key != "naive"
    }
)
cost = value.sum() / value["total"].sum() - 1
lowest = value.min()
figure, axes = style.chart(
    f"Raising the worst-off from {lowest['total']:.2f} to {lowest['worst-off']:.2f} costs "
    f"{-cost['worst-off']:.1%} of the total value",
    "Value of each EaP cluster's introduction, sorted, under each objective",
    source=SOURCE,
    size=(9, 4.8),
)
for key, colour in zip(value, (style.BLUE, style.ORANGE), strict=True):
    axes.plot(
        range(1, len(value) + 1), value[key].sort_values(), "o-", color=colour, ms=4, lw=1.5,
        label=f"{TITLES[key]} (sum {value[key].sum():.2f}, lowest {lowest[key]:.2f})",
    )  # fmt: skip
axes.set(ylim=(0, None), xlabel="EaP clusters, worst-off first", ylabel="value")
axes.legend(loc="lower right")
style.save(figure, "5_cost_of_fairness")

# %%
CHOSEN = "worst-off"
plan = plans[CHOSEN]
moved = sum(a != b for a, b in zip(plan.plan.pairs, total.plan.pairs, strict=True))
country = clusters["country"].reindex(value.index).map(lambda code: countries()[code].name)
by_country = value.groupby(country.astype(str)).mean()
Markdown(
    f"The plan for the worst-off keeps {1 + cost['worst-off']:.1%} of the total value; {moved} of "
    f"{len(value)} clusters meet somebody else in it than in the plan for the total. In it, "
    f"{by_country[CHOSEN].idxmin()} gets least ({by_country[CHOSEN].min():.2f} on average) and "
    f"{by_country[CHOSEN].idxmax()} most ({by_country[CHOSEN].max():.2f}): a plan can spread what fits, "
    f"it cannot make what does not fit. "
    f"From here on the **{CHOSEN}** plan is used: change `CHOSEN` to see another."
)

# %% [markdown]
# ## Exposure before and after

# %%
before = pd.Series([total.targets[j].id for _, j in pairs["naive"]]).value_counts()
after = pd.Series([total.targets[j].id for _, j in pairs[CHOSEN]]).value_counts()
counts = pd.DataFrame({"before": before, "after": after}).reindex(targets).fillna(0).astype(int)
crowded = counts[counts["before"] > 1].sort_values("before")
figure, axes = style.chart(
    f"{len(crowded)} EU clusters would be asked by several at once; "
    f"{(counts['before'] == 0).sum()} of {len(counts)} by nobody, in the plan "
    f"{(counts['after'] == 0).sum()}",
    "Requests to the EU clusters that more than one would ask, before (own first choice) and after "
    f"({TITLES[CHOSEN]})",
    source=SOURCE,
    size=(9, 0.34 * len(crowded) + 2),
)
labels = [style.shorten(names[key]) for key in crowded.index]
axes.hlines(labels, crowded["after"], crowded["before"], color="#C9C9C9", lw=3)
axes.scatter(crowded["before"], labels, color=style.GREY, s=70, zorder=3, label="before")
axes.scatter(crowded["after"], labels, color=style.BLUE, s=70, zorder=3, label="after")
axes.set(xlim=(-0.2, crowded["before"].max() + 0.5), xlabel="requests")
axes.xaxis.get_major_locator().set_params(integer=True)
axes.legend(loc="lower right", frameon=True)
style.save(figure, "5_exposure")

# %%
planned = figures.loc[CHOSEN]
Markdown(
    f"Inequality among EU clusters (Gini: 0 all alike, towards 1 all with one) goes from "
    f"{naive['target_gini']:.2f} to {planned['target_gini']:.2f}, expected matches from "
    f"{naive['expected_matches']:.1f} to {planned['expected_matches']:.1f}. The planner's answer is "
    + (
        "proven to be the best."
        if plan.plan.method == "exact"
        else f"within {plan.plan.gap:.2%} of the best possible."
    )
)

# %% [markdown]
# ## The list to work with

# %%
plan.to_frame()

# %% [markdown]
# And when somebody asks why a pair is not in it:

# %%
left_out = m.pair_scores(askers, targets).to_frame().query("allowed and not known_link")
in_plan = set(plan.to_frame()[["asker", "target"]].itertuples(index=False, name=None))
best_left_out = next(
    pair
    for pair in left_out.nlargest(len(in_plan) + 1, "score")[["asker", "partner"]].itertuples(
        index=False, name=None
    )
    if pair not in in_plan
)
Markdown("\n".join(f"- {line}" for line in plan.why_not(*best_left_out)))

# %% [markdown]
# **Take away.** Plan before you invite: the gain comes from not asking the same few. What fairness
# costs is a figure to put before those who decide, not a reason to leave it out.
