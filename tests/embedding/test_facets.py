from matcher.embedding.facets import FACETS, facet_texts, phrases
from matcher.profiles.profile import ClusterProfile, DraftProfile

FURNITURE = ClusterProfile(
    id="ge-furniture",
    name="Georgian Furniture Cluster",
    country="GE",
    ecosystems=("textile",),
    technologies=("CNC milling",),
    services=("export missions",),
    offers=("oak chairs", "contract manufacturing"),
    seeks=("distributors",),
    description="Makers of\nfurniture.",
)


def test_about_says_what_the_cluster_is_in_one_line():
    assert facet_texts(FURNITURE)["about"] == (
        "Georgian Furniture Cluster. Makers of furniture. CNC milling. export missions. "
        "oak chairs; contract manufacturing. distributors"
    )


def test_offers_and_seeks_are_kept_apart():
    texts = facet_texts(FURNITURE)
    assert texts["offers"] == "oak chairs; contract manufacturing"
    assert texts["seeks"] == "distributors"
    assert phrases(FURNITURE) == {
        "technologies": ("CNC milling",),
        "offers": ("oak chairs", "contract manufacturing"),
        "seeks": ("distributors",),
    }


def test_draft_of_a_description_alone_leaves_the_other_facets_empty():
    texts = facet_texts(DraftProfile(description="We make wine"))
    assert texts == {
        "about": "We make wine",
        "topic": "",
        "services": "",
        "offers": "",
        "seeks": "",
    }
    assert tuple(texts) == FACETS


def test_empty_draft_has_no_text():
    assert set(facet_texts(DraftProfile()).values()) == {""}
