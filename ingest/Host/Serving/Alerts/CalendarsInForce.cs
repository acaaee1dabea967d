namespace KpiStream.Ingest.Host.Serving.Alerts;

/// <summary>The units' calendars that alerts are judged by, read again when their file has changed.</summary>
/// <param name="first">The calendars at the start.</param>
/// <param name="read">Reads the file again; null when the problems got any.</param>
/// <param name="file">The file; null where there is none, and nothing is looked at then.</param>
/// <param name="log">Told of every change, and of every file that is refused.</param>
internal sealed class CalendarsInForce(
    UnitCalendars first, Func<ICollection<ConfigProblem>, UnitCalendars?> read, string? file, OperatorLog log, TimeProvider time)
    : FileInForce<UnitCalendars>(first, read, file, log, time)
{
    public override string Id => "unit_calendars";

    protected override string HashOf(UnitCalendars edition) => edition.Version;

    protected override string VersionOf(UnitCalendars edition) => edition.Version;

    protected override string SayRefused(string why) =>
        $"The units' calendars in {Path} are not used: {why}. Those of before stay in force: {Current.Version}.";

    protected override string SayTaken(UnitCalendars before, UnitCalendars next, int number, string written) =>
        $"Units' calendars: edition {number} is in force, {next.Version} with {next.Rows.Count} rows for {next.Own.Count} units, {written}.";
}
