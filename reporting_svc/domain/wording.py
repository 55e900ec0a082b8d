"""Words that every report uses. An organisation replaces them in its theme."""

from types import MappingProxyType

from reporting_svc.domain.report import Definition, ReportType

TITLES = MappingProxyType(
    {
        ReportType.THERAPEUTIC_OUTCOMES: "Therapeutic outcomes",
        ReportType.USER_ENGAGEMENT: "Player engagement",
        ReportType.SYSTEM_PERFORMANCE: "System performance",
        ReportType.COHORT_ANALYSIS: "Cohort analysis",
        ReportType.TREND_ANALYSIS: "Trend analysis",
        ReportType.CUSTOM_DASHBOARD: "Dashboard",
    }
)

DEFINITIONS = (
    Definition(
        "Period", "A day, ISO week or calendar month in UTC. Its figures are released once and then stay the same."
    ),
    Definition("Release", "The private statistics of one period."),
    Definition(
        "Cohort", "Players with the same therapeutic focus, session frequency and engagement level in a period."
    ),
    Definition(
        "95 % interval",
        "Where the value for players like these may lie: privacy noise and variation between players together.",
    ),
    Definition("Privacy noise", "Random amounts added on purpose, so that no figure gives away a single player."),
)

PRIVACY_NOTES = (
    "Every figure about players carries random noise (differential privacy): nobody can learn from this report whether "
    "a certain player is in the data.",
    "Noise is as large for a small group as for a large one. Figures of small groups are therefore less certain; their "
    "intervals say how much.",
    "Counts may be a little off and need not add up exactly.",
    "Differences between groups or periods do not tell what caused them.",
)

SERVICE_NOTE = "This report is about the platform's services. It holds no figure about players."
