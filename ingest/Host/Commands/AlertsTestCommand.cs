using KpiStream.Ingest.Host.Doctor;

namespace KpiStream.Ingest.Host.Commands;

/// <summary><c>kpistream alerts test</c>: a message about nothing over the channels of the settings, without <c>serve</c>.</summary>
internal static class AlertsTestCommand
{
    public static Command Create()
    {
        var config = new Option<string?>("--config")
        {
            Description = $"Settings file. Left out, {SettingsFile.DefaultName} in the current folder.",
        };
        var channel = new Option<string?>("--channel") { Description = "The name of the only channel to try. Left out, all are tried." };
        var command = new Command("test", "Send a test message over every alert channel of the settings, and say which receivers took it.") { config, channel };
        DeclaredFiles.AddTo(command, (result, files) => files.Read("--config", result.GetValue(config)));
        command.SetAction((parsed, stop) => RunAsync(parsed.GetValue(config), parsed.GetValue(channel), stop));
        return command;
    }

    private static async Task<int> RunAsync(string? config, string? name, CancellationToken stop)
    {
        var problems = new List<ConfigProblem>();
        if (SettingsFile.Load(config, problems) is not { } loaded)
        {
            Terminal.Say(problems);
            return ExitCode.Configuration;
        }

        var channels = loaded.Settings.Alerts.Channels.Where(channel => name is null || channel.Name == name).ToList();
        if (channels.Count == 0)
        {
            string[] known = [.. loaded.Settings.Alerts.Channels.Select(static channel => channel.Name)];
            Terminal.Say(known.Length == 0 ? "the settings have no alert channel; add one under alerts.channels."
                : $"there is no alert channel '{name}'; {Suggestion.Sentence(name!, known)}");
            return ExitCode.Configuration;
        }

        var code = ExitCode.Ok;
        foreach (var channel in channels)
        {
            var finding = await ChannelCheck.LookAsync(loaded, channel, sendsTest: true, TimeProvider.System, stop);
            Terminal.Result(finding.ToString());
            code = Math.Max(code, finding.Code);
        }

        return code;
    }
}
