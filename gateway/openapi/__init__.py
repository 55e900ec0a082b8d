"""The reference of the REST API, OpenAPI 3.1, read from the same descriptors that serve it."""
