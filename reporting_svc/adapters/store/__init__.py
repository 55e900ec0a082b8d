"""Reports, dashboards and schedules as rows."""
