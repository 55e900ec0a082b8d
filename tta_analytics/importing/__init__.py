"""Files of facts into the aggregation service: read, checked by line, sent in batches, resumable."""
