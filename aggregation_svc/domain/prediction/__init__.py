"""Outcome models of single players: features from facts up to a cut-off, calibrated probabilities, honest measurement.

Models read raw rows of players who consented to research and are no private release: see docs/prediction.md.
"""
