"""How good the suggestions are: metrics, protocol, baselines, training of the scoring model."""
