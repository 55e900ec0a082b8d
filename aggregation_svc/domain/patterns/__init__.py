"""Patterns: segments of players who behave alike, found by k-means that sees players only through noise.

One row per player, public bounds, four measurements with integer Laplace noise; everything after the noise is free
(docs/privacy-model.md). The scheme is a noisy-grid coreset (as in Balcan et al. 2017 and Su et al. 2016) followed by
noisy Lloyd steps (Blum et al. 2005) that measure offsets from the centres rather than positions.
"""
