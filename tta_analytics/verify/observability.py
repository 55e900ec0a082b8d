"""Checks of what watches the platform: Prometheus and Grafana."""

import json

import httpx

from tta_analytics.verify.checks import Failed, Skipped

PROCESSES = ("aggregation", "monitoring", "reporting", "gateway")


async def in_prometheus(address: str | None) -> str:
    """Pass where Prometheus reads every process and no rule of ours fails; returns the number of rules."""
    if address is None:
        raise Skipped("no --prometheus was given")
    async with httpx.AsyncClient(base_url=address, timeout=30) as client:
        found = (await client.get("/api/v1/query", params={"query": "up"})).raise_for_status().json()
        groups = (await client.get("/api/v1/rules")).raise_for_status().json()["data"]["groups"]
    alive = {each["metric"].get("job") for each in found["data"]["result"] if each["value"][1] == "1"}
    if missing := sorted(set(PROCESSES) - alive):
        raise Failed(f"not scraped: {', '.join(missing)}")
    rules = [rule for group in groups if group["name"].startswith("tta_analytics") for rule in group["rules"]]
    if not rules or any(rule["health"] == "err" for rule in rules):
        raise Failed("rules are missing or fail")
    return f"{len(rules)} rules"


async def in_grafana(address: str | None) -> str:
    """Pass where Grafana is well; returns its version."""
    if address is None:
        raise Skipped("no --grafana was given")
    async with httpx.AsyncClient(base_url=address, timeout=30) as client:
        health = (await client.get("/api/health")).raise_for_status().json()
    if health.get("database") != "ok":
        raise Failed(json.dumps(health)[:200])
    return f"version {health.get('version', 'unknown')}"
