"""`tta-analytics`: start the platform, bring facts in, take releases and reports out, watch alerts."""

import typer

from tta_analytics.commands import (
    access,
    alerts,
    audit,
    import_consents,
    import_facts,
    import_metrics,
    import_sources,
    releases,
    reports,
    services,
    up,
    verify,
)

app = typer.Typer(
    name="tta-analytics",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Privacy-preserving behaviour analytics and crisis alerting for TTA.\n\nExample: tta-analytics up --demo",
)
app.command()(up.up)
app.command()(services.serve)
app.command()(services.migrate)
import_facts.app.command()(import_consents.consents)
import_facts.app.command()(import_sources.neo4j)
import_facts.app.command()(import_sources.redis)
import_facts.app.command()(import_metrics.prometheus)
app.add_typer(import_facts.app, name="import")
app.add_typer(releases.app, name="release")
app.command()(reports.report)
app.add_typer(alerts.app, name="alerts")
app.add_typer(audit.app, name="audit")
app.command()(access.token)
app.command()(access.sign_in)
app.command()(access.check)
app.command()(verify.verify)
app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(services.crisis)
app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(services.export)


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
