"""`verify`: a check of a running deployment, from outside and over HTTP, that is safe on production data."""
