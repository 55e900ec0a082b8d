"""Who asks: tokens in headers, sealed cookies of pages, sign-in links, stream tickets.

The services decide what a caller may do. The gateway only carries the caller's token to them, and keeps browsers from
carrying it for somebody else.
"""
