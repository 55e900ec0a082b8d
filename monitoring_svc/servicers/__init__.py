"""Proto to domain and back, one module for each gRPC service; nothing else."""
