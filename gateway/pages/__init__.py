"""Pages for clinicians, researchers and operators: server-rendered from the same calls that REST answers."""
