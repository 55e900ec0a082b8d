"""Envoy's JSON transcoder over our descriptor image and nothing else."""

from pathlib import Path

from gateway.transcoding.image import IMAGE, load

CONFIG = """
static_resources:
  listeners:
  - address: {{socket_address: {{address: 127.0.0.1, port_value: {port}}}}}
    filter_chains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: bench
          route_config:
            virtual_hosts:
            - name: all
              domains: ["*"]
              routes: [{{match: {{prefix: /}}, route: {{cluster: services, timeout: 30s}}}}]
          http_filters:
          - name: envoy.filters.http.grpc_json_transcoder
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.http.grpc_json_transcoder.v3.GrpcJsonTranscoder
              proto_descriptor: {image}
              services: [{services}]
              auto_mapping: false
              print_options: {{always_print_primitive_fields: true, preserve_proto_field_names: true}}
          - name: envoy.filters.http.router
            typed_config: {{"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}
  clusters:
  - name: services
    type: STATIC
    typed_extension_protocol_options:
      envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
        "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
        explicit_http_config: {{http2_protocol_options: {{}}}}
    load_assignment:
      cluster_name: services
      endpoints:
      - lb_endpoints:
        - endpoint: {{address: {{socket_address: {{address: 127.0.0.1, port_value: {upstream}}}}}}}
"""


def write_config(folder: Path, *, port: int, upstream: int) -> Path:
    """Write a configuration that serves every call with a path, over one upstream."""
    services = sorted({call.service for call in load().calls if call.http is not None})
    path = folder / "envoy.yaml"
    path.write_text(CONFIG.format(port=port, upstream=upstream, image=IMAGE, services=", ".join(services)))
    return path
