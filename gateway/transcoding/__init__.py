"""REST from the protos: routes, JSON and problem documents, all read from the descriptor image.

Nothing here knows a call of this platform by name; what a call looks like over HTTP is written in its proto.
"""
