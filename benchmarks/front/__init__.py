"""The gateway under load, beside Envoy's transcoder: processes that `benchmarks.gateway` starts and measures."""
