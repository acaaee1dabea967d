namespace KpiStream.Ingest.Host.Serving.Alerts;

/// <summary>
/// The country's calendar, by which cases are counted too: a file that has changed is in force from the next start of the server on, and until then is said.
/// </summary>
/// <param name="first">The calendar at the start, which stays.</param>
/// <param name="read">Reads the file again; null when the problems got any.</param>
/// <param name="file">The file; null for the shipped calendar.</param>
/// <param name="log">Told of every file that is not used.</param>
internal sealed class CommonCalendarInForce(
    WorkingCalendar first, Func<ICollection<ConfigProblem>, WorkingCalendar?> read, string? file, OperatorLog log, TimeProvider time)
    : FileInForce<WorkingCalendar>(first, read, file, log, time)
{
    /// <summary>What its notes in the history of alerts are named.</summary>
    public const string HistoryId = "calendar";

    private const string NeedsStart = "it was changed, and cases are counted by it, so it is in force once this server is started again";

    public override string Id => HistoryId;

    /// <summary>True while the file is sound and another one than at the start.</summary>
    public bool IsWaiting => IsUnusable;

    protected override string HashOf(WorkingCalendar edition) => edition.Version;

    protected override string VersionOf(WorkingCalendar edition) => edition.Version;

    protected override string? FindObjection(WorkingCalendar next) => next.Version == Current.Version ? null : NeedsStart;

    protected override string SayRefused(string why) => $"The calendar in {Path} is not used: {why}. Until then {Current.Version} stays in force.";

    protected override string SayTaken(WorkingCalendar before, WorkingCalendar next, int number, string written) =>
        throw new InvalidOperationException("a calendar that has changed is objected to");
}
