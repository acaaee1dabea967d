using System.Text.Json.Nodes;
using KpiStream.Engine.Alerts;
using KpiStream.Ingest.Host.Runs;

namespace KpiStream.Ingest.Host.Commands;

/// <summary><c>kpistream alerts list|acknowledge|silence|unsilence --url</c>: the alerts of a running <c>serve</c>.</summary>
internal sealed class ServedAlertsCommand
{
    private readonly Option<string> url = new("--url") { Description = "Address of a running serve, like http://localhost:8080.", Required = true };
    private readonly Option<string?> apiKey =
        new("--api-key") { Description = "File with an API key, where the server asks for one: of the role read to list, operate for the rest." };
    private readonly Option<Duration> giveUpAfter = DurationOption.Patience("How long to wait for a server that does not answer, like 30s.");
    private readonly Option<string?> by = new("--by") { Description = "Who does it; left out where an API key says so." };

    /// <summary>The commands, to be put below <c>alerts</c>.</summary>
    public static IEnumerable<Command> Create() =>
        [new ServedAlertsCommand().CreateList(), new ServedAlertsCommand().CreateAcknowledge(), new ServedAlertsCommand().CreateSilence(),
            new ServedAlertsCommand().CreateUnsilence()];

    private Command CreateList()
    {
        var json = new Option<bool>("--json") { Description = "Print alerts and silences as JSON." };
        return CommandOf("list", "List the alerts of a running serve, and the silences in force.", [json],
            (server, parsed, cancel) => server.ListAsync(parsed.GetValue(json), cancel));
    }

    private Command CreateAcknowledge()
    {
        var id = IdArgument("The alert's id, as list prints it.");
        var note = new Option<string?>("--note") { Description = "What the next on duty must know." };
        return CommandOf("acknowledge", "Take note of an alert: nobody is reminded of it any more.", [id, note, by],
            (server, parsed, cancel) => server.AcknowledgeAsync(parsed.GetRequiredValue(id), parsed.GetValue(note), parsed.GetValue(by), cancel));
    }

    private Command CreateSilence()
    {
        var kinds = string.Join(", ", Enum.GetValues<AlertKind>().Select(AlertRule.TextOf));
        var kind = new Option<string?>("--kind") { Description = $"Of rules of this kind: {kinds}." };
        var unit = new Option<string?>("--unit") { Description = "Of this unit, with everything below it; or of this source." };
        var figure = new Option<string?>("--figure") { Description = "Of this figure." };
        var cause = new Option<string?>("--cause") { Description = "Of this cause, as messages and the API name it." };
        var reason = new Option<string>("--reason") { Description = "Why.", Required = true };
        var lasts = DurationOption.Create(
            "--for", "For how long.", TimeSpan.FromMinutes(1), TimeSpan.FromMilliseconds(Silence.LongestMillis), TimeSpan.FromHours(2));
        return CommandOf("silence", "Tell nobody of some alerts for a while, at most 30 days.", [kind, unit, figure, cause, reason, lasts, by],
            (server, parsed, cancel) => server.SilenceAsync(
                new JsonObject
                {
                    ["kind"] = parsed.GetValue(kind),
                    ["unit"] = parsed.GetValue(unit),
                    ["figure"] = parsed.GetValue(figure),
                    ["cause"] = parsed.GetValue(cause),
                    ["reason"] = parsed.GetRequiredValue(reason),
                    ["until"] = InstantText.ToLocalSeconds((TimeProvider.System.GetUtcNow() + parsed.GetValue(lasts).Time).ToUnixTimeMilliseconds()),
                    ["by"] = parsed.GetValue(by),
                },
                cancel));
    }

    private Command CreateUnsilence()
    {
        var id = IdArgument("The silence's id, as list prints it.");
        return CommandOf("unsilence", "End a silence before its time.", [id, by],
            (server, parsed, cancel) => server.UnsilenceAsync(parsed.GetRequiredValue(id), parsed.GetValue(by), cancel));
    }

    private static Argument<string> IdArgument(string description)
    {
        var id = new Argument<string>("ID") { Description = description };
        id.Validators.Add(UnknownName.RefuseOptions);
        return id;
    }

    private Command CommandOf(string name, string description, Symbol[] symbols, Func<ServedAlerts, ParseResult, CancellationToken, Task<int>> run)
    {
        var command = new Command(name, description);
        foreach (var symbol in symbols.Concat([url, apiKey, giveUpAfter]))
        {
            if (symbol is Argument argument)
            {
                command.Arguments.Add(argument);
            }
            else
            {
                command.Options.Add((Option)symbol);
            }
        }

        command.Validators.Add(result =>
        {
            if (result.GetValue(url) is { } address && !(Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
            {
                result.AddError("--url must be an address like http://localhost:8080.");
            }
        });
        DeclaredFiles.AddTo(command, (result, files) => files.Read("--api-key", result.GetValue(apiKey)));
        command.SetStoppable((parsed, cancel) => run(
            new ServedAlerts(new Uri(parsed.GetRequiredValue(url)), parsed.GetValue(giveUpAfter).Time) { ApiKeyFile = parsed.GetValue(apiKey) },
            parsed, cancel));
        return command;
    }
}
