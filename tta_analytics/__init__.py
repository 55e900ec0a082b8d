"""The command line and the client library; starts services as processes and talks to them over gRPC."""
