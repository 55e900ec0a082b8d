"""Schema changes of the monitoring service, oldest first in `versions`."""
