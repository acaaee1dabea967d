using System.Security.Cryptography;
using KpiStream.Ingest.Host.Serving;
using KpiStream.Ingest.Host.Serving.Access;
using KpiStream.Ingest.Host.Serving.Http;
using KpiStream.Ingest.Host.Serving.Posting;
using KpiStream.Ingest.Host.Wallboard;
using KpiStream.Ingest.Sources.Generation;

namespace KpiStream.Ingest.Host.Commands;

/// <summary><c>kpistream serve</c>: Kafka, an embedded log, or the demo's generated stream, to wallboard, API and alerts.</summary>
internal sealed class ServeCommand
{
    /// <summary>Thirty days: enough cases for every commune's ratio to be judged, recent enough to be what a wallboard is about.</summary>
    private const string DefaultBoardPeriod = "30d";

    private readonly Option<bool> demo = new("--demo") { Description = "Show generated cases. Needs no Kafka and keeps nothing." };
    private readonly Option<string?> config =
        new("--config") { Description = $"Settings file. Left out, {SettingsFile.DefaultName} in the current folder if there is one, or the defaults." };
    private readonly Option<string?> units =
        new("--units") { Description = "Unit directory: hungyen, sonla, vn, or a CSV file. Left out, that of the settings." };
    private readonly Option<string?> topic = new("--topic") { Description = "Kafka topic to follow. Left out, that of the settings, or cases." };
    private readonly Option<string?> log =
        new("--log") { Description = "Folder of an embedded log to read instead of Kafka; events are posted to /api/v1/events." };
    private readonly Option<int?> port = NumberOption.CreateOptional(
        "--port", "Port to listen on, on this machine only. Left out, that of the settings, or 8080; 0 lets the system choose.", 0, 65_535);
    private readonly Option<string> period = new("--board-period")
    {
        Description = "The period that the board shows, like 30d, month or since:2025-07-01.",
        DefaultValueFactory = _ => DefaultBoardPeriod
    };
    private readonly Option<ulong> seed = NumberOption.Create("--seed", "With --demo: the same number gives the same cases.", 0UL, ulong.MaxValue, 1UL);
    private readonly Option<Duration> selfCheck = DurationOption.Create(
        "--self-check", "How often a unit's day is counted again from the log and compared, like 30s, 10m or 1h, or off.", TimeSpan.FromSeconds(1),
            TimeSpan.FromDays(31), TimeSpan.FromHours(1), mayBeOff: true);
    private readonly KafkaCommandOptions kafka = new();
    private readonly StateOptions state = new();

    public static Command Create()
    {
        var serve = new ServeCommand();
        var command = serve.CreateCommand("serve", "Show live figures: wallboard at /board, API at /api/v1.");
        command.SetStoppable(serve.RunAsync);
        return command;
    }

    /// <summary>A command with the same options that only looks at what they come to.</summary>
    public static Command CreateLooking(
        string name, string description, IReadOnlyList<Option> more, Func<ServePlan, ParseResult, CancellationToken, Task<int>> look)
    {
        var like = new ServeCommand();
        var command = like.CreateCommand(name, description);
        foreach (var option in more)
        {
            command.Options.Add(option);
        }

        command.SetStoppable((parsed, stop) => look(like.PlanOf(parsed), parsed, stop));
        return command;
    }

    private ServePlan PlanOf(ParseResult parsed)
    {
        var problems = new List<ConfigProblem>();
        var (loaded, isDemo) = (Load(parsed, problems), parsed.GetValue(demo));
        return new ServePlan(loaded, problems, isDemo, loaded is null ? null : StateOf(loaded.Settings, isDemo, parsed));
    }

    private Command CreateCommand(string name, string description)
    {
        kafka.AddValidators();
        period.Validators.Add(result =>
        {
            if (Period.TryParse(result.GetValueOrDefault<string>() ?? "") is not { Kind: not PeriodKind.Now })
            {
                result.AddError("--board-period must be a period like 30d, month or since:2025-07-01.");
            }
        });
        var command = new Command(name, description) { demo, config, units, topic, log, port, period, seed, selfCheck };
        foreach (var option in kafka.All.Concat(state.All))
        {
            command.Options.Add(option);
        }

        DeclaredFiles.AddTo(command, (result, files) =>
        {
            files.Read("--config", result.GetValue(config));
            files.ReadUnits(result.GetValue(units));
            files.Own("--log", result.GetValue(log));
            files.Own("--state", result.GetValue(state.Folder));
        });
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        var fresh = new FreshFiles();
        try
        {
            return await RunAsync(parsed, fresh, stop);
        }
        finally
        {
            fresh.TakeBack();
        }
    }

    private async Task<int> RunAsync(ParseResult parsed, FreshFiles fresh, CancellationToken stop)
    {
        var problems = new List<ConfigProblem>();
        var loaded = Load(parsed, problems);
        var isDemo = parsed.GetValue(demo);
        var said = Terminal.Log(TimeProvider.System);
        if (loaded is not null && WebService.FindObstacle(loaded.Settings) is { } taken)
        {
            said.Error(taken);
            return ExitCode.Unavailable;
        }

        var hadOnlyKeys = loaded?.Settings.Log is { } used && !isDemo && LogFolder.HasOnlyKeys(used.Folder);
        var key = loaded is null ? null : PseudonymKeyChoice.ForServe(loaded.Settings, isDemo, problems, fresh);
        var posters = loaded?.Settings.Log is { } folder && !isDemo
            ? ApiKeyFile.LoadOrCreate(folder.ApiKeyFile ?? Path.Combine(folder.Folder, ApiKeyFile.DefaultName), problems, fresh)
            : [];
        var access = loaded is null ? null : AccessParts.Open(loaded.Settings, posters ?? [], problems, said, TimeProvider.System);
        Terminal.Say(problems);

        if (loaded is null || key is null || posters is null || problems.Count > 0)
        {
            return ExitCode.Configuration;
        }

        if (hadOnlyKeys)
        {
            said.Warn($"{loaded.Settings.Log!.Folder} has the keys of serve and no file of a log: it begins empty. If it held events before, stop serve and "
                + $"bring {LogFolder.NameOf(1)} and those behind it back from a copy.");
        }

        if (OpenSource(loaded, key, isDemo, said, parsed) is not { } live)
        {
            return ExitCode.Unavailable;
        }

        // A log that is open has a file whose header names the key.
        if (live.Commit is not null)
        {
            fresh.Keep();
        }

        return await new ServeRun(
            new ServeSetup
            {
                Loaded = loaded,
                Live = live,
                Key = key,
                Posters = posters.Count > 0 ? new ApiKeys(posters, access?.Register) : null,
                Access = access,
                BoardPeriod = Period.TryParse(parsed.GetRequiredValue(period))!,
                State = StateOf(loaded.Settings, isDemo, parsed),
                SelfChecks = SelfChecksOf(parsed),
                MapPages = static pages => pages.MapWallboard(),
                PageVersion = WallboardPage.Version,
                Started = fresh.Keep,
            },
            said, TimeProvider.System).RunAsync(stop);
    }

    /// <summary>The settings with what the command line changes; null when something is wrong, which is then among the problems.</summary>
    private LoadedSettings? Load(ParseResult parsed, List<ConfigProblem> problems)
    {
        var loaded = SettingsFile.Load(parsed.GetValue(config), problems);
        var directory = parsed.GetValue(units) is { } named ? UnitFile.Load(named, problems) : loaded?.Units;
        if (loaded is null || directory is null)
        {
            return null;
        }

        if (!KafkaSettingsCheck.Check(loaded.Settings.Kafka, parsed.GetValue(config) ?? SettingsFile.DefaultName, problems))
        {
            return null;
        }

        if (loaded.Settings.Alerts.Load(loaded.Rulebook, directory, problems) is not { } rules)
        {
            return null;
        }

        loaded = loaded with { Units = directory, AlertRules = rules, Settings = Override(loaded.Settings, parsed) };
        if (loaded.Settings.DeadLetters.Topic is { } letters && letters == loaded.Settings.Kafka.Topic && !parsed.GetValue(demo))
        {
            problems.Add(new ConfigProblem("--topic", 0, "dead_letters.topic", $"'{letters}' {DeadLetterSettingsYaml.SameTopic}"));
            return null;
        }

        SettingsOutputs.Check(loaded.Settings, parsed.GetValue(config), problems);
        return problems.Count > 0 ? null : loaded;
    }

    /// <summary>Checkpoints are kept where somebody said that a state is to be kept.</summary>
    private StatePlan? StateOf(Settings settings, bool isDemo, ParseResult parsed) =>
        settings.StateFolder is { } folder && !isDemo ? state.Of(parsed, folder) : null;

    private SelfCheckPolicy? SelfChecksOf(ParseResult parsed) =>
        parsed.GetValue(selfCheck).Time is { Ticks: > 0 } every ? new SelfCheckPolicy(every, RandomNumberGenerator.GetInt32(int.MaxValue)) : null;

    private LiveSource? OpenSource(LoadedSettings loaded, PseudonymKey key, bool isDemo, OperatorLog said, ParseResult parsed)
    {
        if (isDemo)
        {
            return Demo(loaded, parsed.GetValue(seed));
        }

        if (loaded.Settings.Log is not { } folder)
        {
            return LiveSource.OverKafka(loaded.Settings, said.Warn);
        }

        try
        {
            return LiveSource.OverLog(folder, loaded.Settings, key, said.Warn);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            said.Error($"The log cannot be opened: {error.Message}");
            return null;
        }
    }

    private Settings Override(Settings settings, ParseResult parsed)
    {
        var access = kafka.Resolve(parsed);
        return settings with
        {
            Log = parsed.GetValue(log) is { } folder ? (settings.Log ?? new LogSettings(folder)) with { Folder = folder } : settings.Log,
            StateFolder = parsed.GetValue(state.Folder) ?? settings.StateFolder,
            Http = settings.Http with { Port = parsed.GetValue(port) ?? settings.Http.Port },
            Kafka = new KafkaSettings
            {
                Bootstrap = access.Bootstrap ?? settings.Kafka.Bootstrap,
                Topic = parsed.GetValue(topic) ?? settings.Kafka.Topic,
                Drain = access.Drain ?? settings.Kafka.Drain,
                OpenTransactionWait = access.OpenTransactionWait ?? settings.Kafka.OpenTransactionWait,
                Properties = settings.Kafka.Properties.Concat(access.Properties)
                    .GroupBy(property => property.Key)
                        .ToDictionary(same => same.Key, same => same.Last().Value),
            },
        };
    }

    private static LiveSource Demo(LoadedSettings loaded, ulong seed)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var firstDay = LocalTime.DateOf(LocalTime.DayOf(now) - LiveDemo.HistoryDays);
        return LiveSource.OverDemo(new LiveDemo(loaded.Units, seed, TimeProvider.System), firstDay);
    }
}
