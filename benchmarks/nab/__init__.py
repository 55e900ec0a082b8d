"""The Numenta Anomaly Benchmark: its files and its way of scoring."""
