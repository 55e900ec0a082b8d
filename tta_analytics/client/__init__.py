"""The client library: typed calls with retries and identity, refusals as exceptions, batching ingest, subscriptions."""

from tta_analytics.client.blocking import Client
from tta_analytics.client.connection import AsyncClient
from tta_analytics.client.ingest import Refused, Sent
from tta_analytics.client.subscription import Filter, Subscription

__all__ = ["AsyncClient", "Client", "Filter", "Refused", "Sent", "Subscription"]
