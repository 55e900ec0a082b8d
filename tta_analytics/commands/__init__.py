"""The commands of `tta-analytics`, a module each."""
