"""From protos to domain values and back, one module a gRPC service."""
