namespace KpiStream.Ingest.Host.Runs.Load;

/// <summary>Where what came of a run is written; null for nowhere.</summary>
internal sealed record LoadOutputs(string? Report, string? Html, string? Histograms, string? Junit)
{
    public IEnumerable<string?> All => [Report, Html, Histograms, Junit];

    /// <summary>Writes what was asked for; false when something cannot be written, which has been said.</summary>
    /// <param name="beside">An earlier run to show beside; null for none.</param>
    public bool TryWrite(IReadOnlyList<LoadReport> reports, LoadReport? beside) =>
        TryWrite("--report", Report, () => Encoding.UTF8.GetBytes(LoadReport.ToJson(reports) + "\n"))
        & TryWrite("--html", Html, () => Encoding.UTF8.GetBytes(LoadPage.Of(reports, beside)))
        & TryWrite("--junit", Junit, () => Encoding.UTF8.GetBytes(JunitText.Of(reports)));

    /// <summary>Writes one file; false when it cannot be written, which has been said.</summary>
    /// <param name="path">Null for nowhere.</param>
    public static bool TryWrite(string option, string? path, Func<byte[]> content) => path is null || IsWritten(option, path, () =>
    {
        using var file = OutputFile.Open(path);
        file.Stream.Write(content());
        file.Keep();
    });

    /// <summary>Opens the file of histograms, which is written while the run lasts; false when it cannot be made, which has been said.</summary>
    /// <param name="file">Null where none was asked for.</param>
    public bool TryOpenHistograms(out OutputFile? file)
    {
        OutputFile? opened = null;
        var isOpen = Histograms is null || IsWritten("--hlog", Histograms, () => opened = OutputFile.Open(Histograms));
        file = opened;
        return isOpen;
    }

    /// <summary>Brings the file of histograms to its place; false when it is not whole, which has been said.</summary>
    public bool TryKeepHistograms(OutputFile? file, HistogramLog? log) => file is null || IsWritten("--hlog", Histograms!, () =>
    {
        if (log?.Failure is { } broken)
        {
            throw broken;
        }

        file.Keep();
    });

    private static bool IsWritten(string option, string path, Action write)
    {
        try
        {
            write();
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Terminal.Say($"{path} cannot be written: {error.Message} Free space, or choose another file with {option}.");
            return false;
        }
    }
}
