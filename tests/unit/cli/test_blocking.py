"""The client without an event loop."""

from collections.abc import Iterator

from tta.analytics.v1 import alert_pb2, dashboard_pb2, monitoring_pb2, prediction_pb2, report_pb2

from mesh.settings import Settings
from tta_analytics.client import Client


def test_every_answer_that_is_a_stream_is_iterated() -> None:
    with Client(Settings(auth="off")) as client:
        streams = [
            client.alerts.StreamAlerts(alert_pb2.StreamAlertsRequest()),
            client.dashboards.RenderDashboard(dashboard_pb2.RenderDashboardRequest()),
            client.monitoring.StreamInterventions(monitoring_pb2.StreamInterventionsRequest()),
            client.monitoring.WatchMetrics(monitoring_pb2.WatchMetricsRequest()),
            client.predictions.WatchTraining(prediction_pb2.WatchTrainingRequest()),
            client.reports.DownloadReport(report_pb2.DownloadReportRequest()),
            client.reports.WatchReport(report_pb2.WatchReportRequest()),
        ]
        assert all(isinstance(stream, Iterator) for stream in streams)
