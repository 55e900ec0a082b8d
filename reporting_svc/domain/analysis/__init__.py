"""What a series of figures can and cannot say.

Trend, season, steps, forecast, comparison. Pure; numpy and `scipy.special` only.

`scipy.stats` would cost each process 46 MB, for two distributions.
"""
