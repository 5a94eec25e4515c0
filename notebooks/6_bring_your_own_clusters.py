# %% [markdown]
# # How do I bring my own clusters?
#
# From a spreadsheet to partners in five cells. Put the name of your file into `FILE` (CSV, XLSX,
# JSONL or JSON, one cluster a row, with any of the columns of `data/README.md`). Nothing is saved in the
# matcher: your rows are read, matched and forgotten.
#
# **1. Read it.** Bad rows are named with their line and what is wrong; good rows are not held up.

# %%
import warnings
from pathlib import Path

import pandas as pd
from IPython.display import Markdown

from matcher import Matcher, PartnerQuery, notebook, read_profiles

FILE = "your_clusters.csv"
sheet = read_profiles(Path(FILE))
notebook.problems(sheet)

# %% [markdown]
# **2. Look at what was understood.**

# %%
mine = notebook.profiles(sheet.profiles)
Markdown(
    f"{len(mine)} of {sheet.rows} rows can be used. They are "
    f"{mine['completeness'].mean():.0%} complete on average; a profile that says more is matched better."
)

# %%
mine[["name", "country", "ecosystems", "offers", "seeks", "members_total", "completeness"]]

# %% [markdown]
# **3. Find partners for each.** The first answer takes some seconds longer, as the language model is
# loaded to read texts that it has never seen.

# %%
warnings.filterwarnings("ignore", message="IProgress not found")
m = Matcher.open()
answers = {
    profile.name: m.recommend(PartnerQuery(profile=profile, k=5)) for profile in sheet.profiles
}
table = pd.concat({name: answer.to_frame() for name, answer in answers.items()}, names=["cluster"])
table[["name", "country", "score", "fit_for_you", "fit_for_them", "confidence"]].round(2)

# %% [markdown]
# **4. Read the reasons for one.**

# %%
shown = table["score"].groupby("cluster").max().idxmax()
answers[shown]

# %% [markdown]
# **5. Take the list away.** Texts stay texts: no cell can run as a formula.

# %%
safe = {"options": {"strings_to_formulas": False, "strings_to_urls": False}}
with pd.ExcelWriter("my_partners.xlsx", engine="xlsxwriter", engine_kwargs=safe) as book:
    table.reset_index().to_excel(book, sheet_name="partners", index=False)
best = table["score"].groupby("cluster").max()
Markdown(
    f"{len(table)} suggestions for {len(answers)} clusters are in `my_partners.xlsx`. "
    f"{best.idxmax()} has the best first partner ({best.max():.2f}), {best.idxmin()} the weakest "
    f"({best.min():.2f})."
)

# %% [markdown]
# To keep clusters and let others find them, import the file: `matcher import your_clusters.csv`.
