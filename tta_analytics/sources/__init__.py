"""TTA's own stores as sources: the graph, the cache, the metrics server. They are read and never written."""
