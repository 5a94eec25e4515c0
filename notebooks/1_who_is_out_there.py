# %% [markdown]
# # Who is out there?
#
# A landscape of the innovation clusters of the European Union (EU) and of the six countries of the
# Eastern Partnership (EaP): where they are, what they work on, how much is known of them, and
# which of them are neighbours in meaning, whatever country they sit in.
#
# Every number in the text is computed from the data below it. Change a cell, and the sentence
# follows.

# %%
import numpy as np
import pandas as pd
from IPython.display import Markdown

from matcher import Matcher, notebook
from matcher.notebook import landscape, maps, style
from matcher.profiles.taxonomy import countries, ecosystems

SEED = 20
style.use()
m = Matcher.open()
clusters = notebook.profiles(m.clusters)
clusters[["name", "country_name", "group", "kind", "members_total", "completeness"]].sample(
    5, random_state=SEED
)

# %%
sides = clusters["group"].value_counts()
kinds = clusters["kind"].value_counts(normalize=True)
Markdown(
    f"There are **{len(clusters)} organisations**: {sides['EU']} from "
    f"{clusters.loc[clusters['group'] == 'EU', 'country'].nunique()} EU countries, {sides['EaP']} "
    f"from {clusters.loc[clusters['group'] == 'EaP', 'country'].nunique()} EaP countries. "
    f"{kinds['cluster']:.0%} are clusters in the narrow sense, the others associations, parks, "
    f"hubs and agencies that do a cluster's work."
)

# %% [markdown]
# ## Where they are
#
# How many records a country has says as much about the pages that were read as about the
# country. Read the map as "whom can this tool suggest", not as "who exists".

# %%
counts = clusters["country"].astype(str).value_counts()
steps = [1, 10, 20, 30, 50]
tints = {"EU": ["#D6E4F0", "#A9CBE4", "#6FABD3", "#2F86BE", "#005A8F"],
         "EaP": ["#FBE3D0", "#F5C29C", "#EC9A63", "#DD7231", "#B04A00"]}  # fmt: skip
fills = {
    code: tints[countries()[code].group][int(np.searchsorted(steps, count, side="right")) - 1]
    for code, count in counts.items()
}
largest = counts.head(5)
figure, axes = style.chart(
    f"{largest.sum() / len(clusters):.0%} of the clusters sit in five countries: "
    + ", ".join(countries()[code].name for code in largest.index),
    "Number of clusters in each country, blue: EU, orange: EaP; dots: seats that are known",
    source=f"{style.SOURCE} {maps.MAP_SOURCE}",
    size=(9, 8.2),
)
maps.draw_map(axes, fills)
seats = maps.positions(clusters)
axes.scatter(*seats.T, s=5, color=style.BLACK, lw=0, zorder=2, alpha=0.55)
middles = [np.nanmedian(seats[clusters["country"] == code], axis=0) for code in counts.index]
style.write_labels(axes, [f"{code} {count}" for code, count in counts.items()], np.array(middles))
style.save(figure, "1_map_of_clusters")

# %%
seated = clusters["lat"].notna()
Markdown(
    f"The seat is known for {seated.mean():.0%} of the clusters "
    f"({seated[clusters['group'] == 'EaP'].mean():.0%} in the EaP); the others are counted for "
    "their country but have no dot."
)

# %% [markdown]
# ## What they work on
#
# Each cluster names one or more of the EU's 14 industrial ecosystems.

# %%
tagged = clusters.explode("ecosystems")
share = (
    tagged.groupby(["group", "ecosystems"], observed=True).size().unstack(0).fillna(0) / sides
).rename(index=ecosystems())
share["gap"] = share["EaP"] - share["EU"]
share = share.sort_values("EaP")
more, less = share["gap"].idxmax(), share["gap"].idxmin()
figure, axes = style.chart(
    f"The EaP has relatively more clusters in {more.lower()}, the EU in {less.lower()}",
    "Share of each side's clusters that name the ecosystem, %; a cluster may name several",
    size=(9, 5.6),
)
axes.hlines(share.index, 100 * share["EU"], 100 * share["EaP"], color="#C9C9C9", lw=2.5, zorder=1)
for side, colour in style.SIDES.items():
    axes.scatter(100 * share[side], share.index, color=colour, s=60, zorder=2, label=side)
axes.set_xlim(0)
axes.set_xlabel("% of clusters")
axes.legend(loc="lower right", title="Side")
style.save(figure, "1_ecosystems")

# %%
words = clusters.explode("technologies")
words["technology"] = words["technologies"].str.casefold()
users = words.groupby(["technology", "group"], observed=True).size().unstack(fill_value=0)
both = users[(users["EU"] > 0) & (users["EaP"] > 0)]
Markdown(
    f"The profiles name **{len(users):,} different technologies**. {len(both)} of them are named "
    f"on both sides: {', '.join(both.sum(axis=1).nlargest(6).index)} most often. "
    f"{(users['EU'] == 0).sum()} are named in the EaP alone, such as "
    f"{', '.join(users[users['EU'] == 0]['EaP'].nlargest(3).index)}; exact words, that is: "
    "what means the same in other words is found by the embedding below."
)

# %%
top = both.assign(total=both.sum(axis=1)).nlargest(12, "total").iloc[::-1]
per_hundred = 100 * top[["EU", "EaP"]] / sides[["EU", "EaP"]]
times = per_hundred["EaP"] / per_hundred["EU"]
figure, axes = style.chart(
    f"EaP clusters name {times.idxmax()} {times.max():.1f} times as often as EU clusters",
    "Clusters that name the technology, of a hundred on each side",
    size=(9, 5.2),
)
per_hundred.plot.barh(ax=axes, color=style.SIDES, width=0.75)
style.bars_only(axes)
style.label_bars(axes, "{:.1f}")
axes.set(ylabel="", xlabel="clusters of a hundred")
axes.legend(loc="lower right", title="Side")
style.save(figure, "1_technologies")

# %% [markdown]
# ## How much is known of them
#
# A profile that says more is matched better. Completeness weighs each field by what it is worth to
# a partner; unknown fields lower the *confidence* of a suggestion.

# %%
fields = {
    "offers": "offers", "seeks": "seeks", "technologies": "technologies", "lat": "seat",
    "members_total": "number of members", "website": "website", "founded": "year founded",
    "target_countries": "target countries", "languages": "languages", "label": "excellence label",
    "members_research": "research members", "management_fte": "size of management team",
}  # fmt: skip
filled = clusters[list(fields)].map(
    lambda value: value != () if isinstance(value, tuple) else pd.notna(value)
)
known = 100 * filled.groupby(clusters["group"], observed=True).mean().T.rename(index=fields)
known = known.sort_values("EaP")
blank = known[known["EaP"] < 50]
figure, axes = style.chart(
    f"What EaP clusters seek is known of {known.loc['seeks', 'EaP']:.0f}%; "
    f"{len(blank)} of {len(known)} fields are blank for most",
    "Share of profiles in which the field is known, %",
    size=(9, 5.2),
)
axes.hlines(known.index, known["EU"], known["EaP"], color="#C9C9C9", lw=2.5, zorder=1)
for side, colour in style.SIDES.items():
    axes.scatter(known[side], known.index, color=colour, s=60, zorder=2, label=side)
axes.set(xlim=(-2, 102), xlabel="% of profiles")
axes.legend(loc="lower right", title="Side")
style.save(figure, "1_completeness")

# %%
typical = clusters.groupby("group", observed=True)["completeness"].median()
thin = clusters.nsmallest(3, "completeness")["name"]
Markdown(
    f"A typical EaP profile is {typical['EaP']:.0%} complete, a typical EU profile "
    f"{typical['EU']:.0%}. The thinnest three are those of {', '.join(thin)}."
)

# %% [markdown]
# ## Neighbours in meaning
#
# The model reads each profile as a point in 384 dimensions; like profiles lie close. k-means finds
# groups of like profiles, and the silhouette says how far apart the groups are: 1 is far apart, 0
# is overlapping. Each group is named by the technologies that set it apart from all others.

# %%
groups = landscape.neighbourhoods(m, seed=SEED)
flat = landscape.flat_positions(m, seed=SEED)
table = (
    clusters.assign(neighbourhood=groups.labels)
    .groupby("neighbourhood")
    .agg(
        clusters=("name", "size"),
        countries=("country", "nunique"),
        eap=("group", lambda side: (side == "EaP").mean()),
    )
    .assign(named_by=groups.names)
)
Markdown(
    f"Of {len(groups.trials)} numbers of groups tried, **{len(groups.names)} groups** part best, with "
    f"a silhouette of {groups.silhouette:.2f}: the borders between them are "
    + ("soft" if groups.silhouette < 0.25 else "clear")
    + ". Take the groups as regions of one landscape, not as boxes."
)

# %%
eap = (clusters["group"] == "EaP").to_numpy()
strong = table["eap"].idxmax()
figure, axes = style.chart(
    f"The EaP is at home in all {len(table)} neighbourhoods"
    if (table["eap"] > 0).all()
    else f"The EaP is at home in {(table['eap'] > 0).sum()} of {len(table)} neighbourhoods",
    f"Each dot a cluster, near to those with like profiles (t-SNE of the embedding: axes have no "
    f"unit). Blue: EU, orange: EaP. Its share is highest ({table['eap'].max():.0%}) "
    f"around {groups.names[strong]}",
    size=(9, 8),
)
axes.scatter(*flat[~eap].T, color=style.SIDES["EU"], s=20, alpha=0.35, lw=0)
axes.scatter(*flat[eap].T, color=style.SIDES["EaP"], s=26, alpha=0.85, lw=0)
axes.grid(visible=False)
axes.set(xticks=[], yticks=[])
axes.spines[:].set_visible(False)
middles = [np.median(flat[groups.labels == group], axis=0) for group in table.index]
style.write_labels(axes, [name.replace(", ", "\n") for name in groups.names], np.array(middles))
style.save(figure, "1_landscape")

# %%
table.style.format({"eap": "{:.0%}"}).bar(subset="clusters", color="#A9CBE4")

# %% [markdown]
# **Where next?** *Whom should a cluster meet?* takes one cluster and looks at its partners in
# depth; *Where are the gaps?* asks which clusters have no good counterpart.
