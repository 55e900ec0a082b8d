"""The client library: channels with retries and identity, refusals as exceptions, batching ingest."""
