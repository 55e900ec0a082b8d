"""REST, WebSocket and web pages over the three services; holds no business rule."""
