"""Schema changes of the aggregation service, oldest first in `versions`."""
