"""Real courses with real outcomes, mapped to a player's facts: docs/prediction.md tells how."""
