using System.Text.Json.Serialization;

namespace KpiStream.Ingest.Host.Doctor;

/// <summary>Looks at everything that <c>serve</c> would need, one thing after another, and tells each as soon as it is known. Changes nothing.</summary>
internal static class DoctorRun
{
    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        WriteIndented = true,
    };

    /// <summary>Tells everything; the exit code is the greatest of the problems'.</summary>
    public static async Task<int> TellAsync(ServePlan plan, bool json, bool sendsTestAlert, CancellationToken stop)
    {
        var findings = new List<Finding>();
        await foreach (var finding in LookAsync(plan, sendsTestAlert, stop))
        {
            findings.Add(finding);
            if (!json)
            {
                Terminal.Result(finding.ToString());
            }
        }

        var code = findings.Max(finding => finding.Code);
        if (json)
        {
            Terminal.Result(JsonSerializer.Serialize(new { Ok = code == ExitCode.Ok, Findings = findings }, Format));
        }

        return code;
    }

    private static async IAsyncEnumerable<Finding> LookAsync(
        ServePlan plan, bool sendsTestAlert, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        foreach (var finding in ConfigurationCheck.Look(plan).Concat(MachineCheck.Look(TimeProvider.System)))
        {
            yield return finding;
        }

        if (plan.Loaded is not { } loaded)
        {
            yield break;
        }

        foreach (var finding in CalendarCheck.Look(loaded.Rulebook, TimeProvider.System))
        {
            yield return finding;
        }

        yield return await PortCheck.LookAsync(loaded.Settings.Http, stop);
        await foreach (var finding in AccessCheck.LookAsync(loaded.Settings, TimeProvider.System, stop))
        {
            yield return finding;
        }

        foreach (var channel in loaded.Settings.Alerts.Channels)
        {
            yield return await ChannelCheck.LookAsync(loaded, channel, sendsTestAlert, TimeProvider.System, stop);
        }

        if (plan.IsDemo)
        {
            yield break;
        }

        var state = StateCheck.Look(loaded, plan.State, TimeProvider.System);
        var folder = plan.State?.Folder ?? StateFolder.Of(loaded.Settings);
        var gaps = GapCheck.Look(folder)
            .Concat(CalendarCheck.LookAtServer(folder, loaded.Rulebook.Calendar, FolderProbe.IsHeld(Path.Combine(folder, "state.lock"))));
        foreach (var finding in KeyCheck.Look(loaded.Settings, state.KeyIds).Concat(state.Findings).Concat(gaps)
            .Append(MachineCheck.Memory(state.Newest?.Cases ?? 0)))
        {
            yield return finding;
        }

        await foreach (var finding in loaded.Settings.Log is { } log ? LogCheck.LookAsync(log, stop)
            : TopicCheck.LookAsync(loaded.Settings.Kafka, state.Newest, stop))
        {
            yield return finding;
        }
    }
}
