"""What a series of figures can and cannot say.

Trend, season, steps, forecast, comparison. Pure; numpy and scipy only.
"""
