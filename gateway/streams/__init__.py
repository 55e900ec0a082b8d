"""Server streams over HTTP: events, sockets and documents.

Nothing is queued here: a message is read from the service when the one before it was taken by the reader, so that a
slow reader is the service's to bound, by gRPC's flow control.
"""
