"""Tests. A package, so that another distribution that ships a package of this name cannot stand in for it."""
