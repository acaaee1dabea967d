using System.Diagnostics.Metrics;
using KpiStream.Ingest.Host.Serving.Alerts;

namespace KpiStream.Ingest.Host.Serving.Metrics;

/// <summary>Which edition of the alert rules and of the calendars is judged by, and whether a newer file is refused or waits.</summary>
internal static class RulesMetrics
{
    public static void AddTo(Meter meter, AlertFiles files)
    {
        var (rules, calendars) = (files.Rules, files.Calendars);
        meter.Gauge("kpistream_alert_rules_edition", "Edition of the alert rules in force, counted from 1 since the start.", () => rules.Number);
        meter.Gauge("kpistream_alert_rules_refused", "1 while the file of the alert rules has a mistake and those of before are in force.",
            () => rules.Refused.Length > 0 ? 1 : 0);
        meter.Gauge("kpistream_unit_calendars_edition", "Edition of the units' calendars in force, counted from 1 since the start.", () => calendars.Number);
        meter.Gauge("kpistream_unit_calendars_refused", "1 while the file of the units' calendars has a mistake and those of before are in force.",
            () => calendars.Refused.Length > 0 ? 1 : 0);
        meter.Gauge("kpistream_calendar_waiting", "1 while the file of the country's calendar is not the one in force: it was changed since the start.",
            () => files.CommonCalendar.Refused.Length > 0 ? 1 : 0);
    }
}
