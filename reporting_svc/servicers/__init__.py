"""Proto to domain and back, one module a gRPC service."""
