namespace KpiStream.Ingest.Host.Runs.Load;

/// <summary>Where what came of a run is written; null for nowhere.</summary>
internal sealed record LoadOutputs(string? Report, string? Html, string? Histograms, string? Junit)
{
    public IEnumerable<string?> All => [Report, Html, Histograms, Junit];

    /// <summary>Writes what was asked for; false when something cannot be written, which has been said.</summary>
    /// <param name="log">The log of histograms of the last run.</param>
    /// <param name="beside">An earlier run to show beside; null for none.</param>
    public bool TryWrite(IReadOnlyList<LoadReport> reports, byte[] log, LoadReport? beside) =>
        TryWrite("--report", Report, () => Encoding.UTF8.GetBytes(LoadReport.ToJson(reports) + "\n"))
        & TryWrite("--html", Html, () => Encoding.UTF8.GetBytes(LoadPage.Of(reports, beside)))
        & TryWrite("--hlog", Histograms, () => log)
        & TryWrite("--junit", Junit, () => Encoding.UTF8.GetBytes(JunitText.Of(reports)));

    /// <summary>Writes one file; false when it cannot be written, which has been said.</summary>
    /// <param name="path">Null for nowhere.</param>
    public static bool TryWrite(string option, string? path, Func<byte[]> content)
    {
        if (path is null)
        {
            return true;
        }

        try
        {
            using var file = OutputFile.Open(path);
            file.Stream.Write(content());
            file.Keep();
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Terminal.Say($"{path} cannot be written: {error.Message} Free space, or choose another file with {option}.");
            return false;
        }
    }
}
