using KpiStream.Ingest.Host.State;

namespace KpiStream.Ingest.Host.Doctor;

/// <summary>Gaps that a running or an earlier <c>serve</c> has found in its log.</summary>
internal static class GapCheck
{
    private const string Check = "gaps";

    public static IEnumerable<Finding> Look(string folder)
    {
        var said = "";
        var gaps = Read(folder, sentence => said = sentence);
        if (said.Length > 0)
        {
            yield return Finding.Warning(Check, said);
        }

        foreach (var gap in gaps)
        {
            yield return gap.AcknowledgedBy.Length == 0
                ? Finding.Problem(
                    Check, $"{gap.Describe()}. Figures lack them: bring them in from a recording or know what is missing, then "
                        + $"POST {{\"by\": \"name\"}} to /api/v1/gaps/acknowledge.", ExitCode.Damaged)
                : Finding.Warning(Check, $"{gap.Describe()}; acknowledged by {gap.AcknowledgedBy}.");
        }
    }

    private static IReadOnlyList<KnownGap> Read(string folder, Action<string> say)
    {
        try
        {
            return GapRegister.Read(new StateNote(StateFiles.ToLookAt(folder), GapRegister.FileName), say);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return []; // that the folder cannot be used is said of the folder
        }
    }
}
