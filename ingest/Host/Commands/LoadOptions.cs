using KpiStream.Ingest.Sources.Configuration.Loads;
using KpiStream.Ingest.Sources.Generation;
using KpiStream.Ingest.Sources.Loads;

namespace KpiStream.Ingest.Host.Commands;

/// <summary>The options by which a load is described, in a file of plans or on the command line.</summary>
internal sealed class LoadOptions
{
    private readonly Argument<string[]> source = new("PLAN|SOURCE")
    {
        Description = "A file of plans (.yaml), or what to send: recordings, the folder of a serve --log, or files of one event a line. Recordings hold "
            + "pseudonyms, which are sent as case codes: the board counts the same, and nobody learns a code.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string?> only = new("--plan") { HelpName = "name", Description = "Of a file of plans only this one." };
    private readonly Option<bool> rehearse = new("--rehearse")
    {
        Description = "Send the first two thousand events of each plan within a second: does it work, and is the answer right? Bounds are not judged.",
    };

    private readonly Option<string?> to = new("--to")
    {
        HelpName = "target",
        Description =
        $"Where to send: {LoadTargets.Known}. Left out, engine: in this process."
    };
    private readonly Option<long?> generate = NumberOption.CreateOptional("--generate", "Send this number of generated events in the place of a source.", 1L,
        int.MaxValue);
    private readonly Option<ulong> seed = NumberOption.Create("--seed", "Draws generated and dirty events; the same number draws the same.", 0UL,
        ulong.MaxValue, 1UL);
    private readonly Option<string?> rate = new("--rate") { HelpName = "rate", Description = $"Send at {LoadRates.RateForm}." };
    private readonly Option<string?> speed = new("--speed") { HelpName = "speed", Description = $"Send at {LoadRates.SpeedForm}. Left out, max." };
    private readonly Option<string?> from = new("--from")
    {
        HelpName = "day or instant",
        Description =
        "Only what was recorded from then on, like 2025-07-15 or 2025-07-15T12:00:00+07:00."
    };
    private readonly Option<string?> until = new("--until")
    {
        HelpName = "day or instant",
        Description = "Only what was recorded before, of a day before it begins.",
    };
    private readonly Option<int> loop = NumberOption.Create("--loop", "How often to send it, each time with cases of its own, whole weeks later.", 1,
        10_000, 1);
    private readonly Option<bool> shift = new("--shift-to-now")
    {
        Description =
        "Move it by whole weeks to end just before now: weekdays and times of day stay."
    };
    private readonly Option<int> provinces = NumberOption.Create("--provinces",
        "Make this number of provinces of one: other cases, other units (--units vn).", 1, 100, 1);
    private readonly Option<string> units = new("--units")
    {
        Description = "Unit directory: hungyen, sonla, vn, or a CSV file.",
        DefaultValueFactory =
        _ => "hungyen"
    };
    private readonly Option<int> shards = NumberOption.Create("--shards", "Threads that count, where the engine runs in this process.", 1,
        StreamEngine.MaxShards, 2);
    private readonly Option<int> partitions = NumberOption.Create("--partitions", "Partitions of a topic that does not exist yet.", 1, 1_000, 4);
    private readonly Option<string?> apiKey = new("--api-key")
    {
        HelpName = "file",
        Description =
        "The file with the key for posting: api.key in the folder of the server's log."
    };
    private readonly Option<Duration> warmUp = DurationOption.Create(
        "--warm-up", "Measure no latency of what is due in this time after the start: the program then still compiles itself.", TimeSpan.Zero,
        TimeSpan.FromDays(1), TimeSpan.Zero);

    private readonly Option<string[]> expect = new("--expect")
    {
        HelpName = "condition",
        Description = $"What must be reached for exit code 0, like {LoadGoal.Examples}. May be repeated.",
        DefaultValueFactory = _ => [],
    };

    public KafkaCommandOptions Kafka { get; } = new();

    public void AddTo(Command command)
    {
        Kafka.AddValidators();
        source.Validators.Add(UnknownName.RefuseOptions);
        to.Validators.Add(result => Require(result, LoadTargets.IsKnown, text => $"--to: {LoadTargets.Refusal(text)}."));
        rate.Validators.Add(result => Require(result, text => LoadRates.TryRate(text, out _), text => $"--rate: '{text}' is not {LoadRates.RateForm}."));
        speed.Validators.Add(result => Require(result, text => LoadRates.TrySpeed(text, out _), text =>
            $"--speed: '{text}' is neither {LoadRates.SpeedForm}."));
        foreach (var option in (Option<string?>[])[from, until])
        {
            option.Validators.Add(result => Require(result, static text => DayOrInstant.Parse(text) is not null,
                text => $"{option.Name}: '{text}' is not {DayOrInstant.Form}."));
        }

        expect.Validators.Add(static result =>
        {
            foreach (var token in result.Tokens.Where(static token => LoadGoal.TryParse(token.Value) is null))
            {
                result.AddError($"--expect: '{token.Value}' is not understood: write it like {LoadGoal.Examples}.");
            }
        });
        command.Arguments.Add(source);
        foreach (var option in (Option[])[only, rehearse, to, generate, seed, rate, speed, from, until, loop, shift, provinces, units, shards,
            partitions, apiKey, warmUp, expect,
            .. Kafka.ForWriting])
        {
            command.Options.Add(option);
        }

        command.Validators.Add(CheckWhole);
    }

    public void Declare(CommandResult result, DeclaredFiles files)
    {
        foreach (var name in result.GetValue(source) ?? [])
        {
            files.Read("PLAN|SOURCE", name);
        }

        files.ReadUnits(result.GetValue(units));
        files.Read("--api-key", result.GetValue(apiKey));
    }

    /// <summary>The plans asked for; null when there are none, and <paramref name="problems"/> say why.</summary>
    public IReadOnlyList<LoadPlan>? Resolve(ParseResult parsed, List<ConfigProblem> problems) =>
        Chosen(parsed, problems) is not { } plans ? null : parsed.GetValue(rehearse) ? [.. plans.Select(static plan => plan.Rehearsal())] : plans;

    private IReadOnlyList<LoadPlan>? Chosen(ParseResult parsed, List<ConfigProblem> problems)
    {
        if (PlanFileOf(parsed.GetValue(source)) is not { } file)
        {
            return [OfOptions(parsed)];
        }

        var plans = LoadPlanFile.Load(file, problems);
        var chosen = parsed.GetValue(only);
        if (plans is null || chosen is null)
        {
            return plans;
        }

        if (plans.FirstOrDefault(plan => plan.Name == chosen) is { } one)
        {
            return [one];
        }

        problems.Add(new ConfigProblem(file, 0, "plans",
            $"there is no plan '{chosen}'; {Suggestion.Sentence(chosen, [.. plans.Select(static plan => plan.Name)])}"));
        return null;
    }

    private static string? PlanFileOf(string[]? names) => names is [var name] && Path.GetExtension(name) is ".yaml" or ".yml" ? names![0] : null;

    private LoadPlan OfOptions(ParseResult parsed) => new()
    {
        Name = "load",
        Sources = parsed.GetValue(source) ?? [],
        Generate = parsed.GetValue(generate) is { } events
            ? new LoadGeneration(events, parsed.GetValue(seed), GenerateProfile.Mixed, GenerateOptions.DefaultStart, 0) : null,
        Target = parsed.GetValue(to) ?? LoadTargets.Engine,
        Bootstrap = Kafka.Resolve(parsed).Bootstrap,
        Partitions = parsed.GetValue(partitions),
        ApiKeyFile = parsed.GetValue(apiKey),
        Pace = PaceOf(parsed),
        From = DayOrInstant.Parse(parsed.GetValue(from)),
        Until = DayOrInstant.Parse(parsed.GetValue(until)),
        Loop = parsed.GetValue(loop),
        ShiftToNow = parsed.GetValue(shift),
        Provinces = parsed.GetValue(provinces),
        Seed = parsed.GetValue(seed),
        Units = parsed.GetRequiredValue(units),
        Shards = parsed.GetValue(shards),
        WarmUp = parsed.GetValue(warmUp).Time,
        Goals = [.. (parsed.GetValue(expect) ?? []).Select(LoadGoal.TryParse).OfType<LoadGoal>()],
    };

    private LoadPace PaceOf(ParseResult parsed) =>
        parsed.GetValue(rate) is { } fixedRate && LoadRates.TryRate(fixedRate, out var events) ? RatePace.Fixed(events)
        : parsed.GetValue(speed) is { } factor && LoadRates.TrySpeed(factor, out var pace) ? pace : LoadPace.Max;

    private void CheckWhole(CommandResult result)
    {
        var names = result.GetValue(source) ?? [];
        var isPlan = PlanFileOf(names) is not null;
        var given = result.Children.OfType<OptionResult>().Where(static option => !option.Implicit).Select(static option => option.Option).ToList();
        if (!isPlan && (names.Length == 0) == (result.GetResult(generate) is null))
        {
            result.AddError("Give a file of plans, or sources, or --generate N.");
        }

        if (isPlan && given.Find(option => option is not null && Described.Contains(option)) is { } described)
        {
            result.AddError($"{described.Name} belongs to a load without a plan: write it into {names[0]}.");
        }

        if (!isPlan && given.Contains(only))
        {
            result.AddError("--plan needs a file of plans, in .yaml.");
        }

        if (given.Contains(rate) && given.Contains(speed))
        {
            result.AddError("--rate and --speed are both paces: give one of them.");
        }

        if (DayOrInstant.Parse(result.GetValue(until)) is { } end && DayOrInstant.Parse(result.GetValue(from)) >= end)
        {
            result.AddError("--until must be after --from.");
        }

        if (result.GetValue(to) is { } target && LoadTargets.IsKafka(target) && result.GetValue(Kafka.Bootstrap) is null)
        {
            result.AddError($"--to {target} needs --bootstrap host:port.");
        }
    }

    private Option[] Described => [to, generate, rate, speed, from, until, loop, shift, provinces, units, shards, partitions, apiKey, warmUp, expect, seed];

    private static void Require(OptionResult result, Func<string, bool> holds, Func<string, string> otherwise)
    {
        if (result.Tokens is [var token] && !holds(token.Value))
        {
            result.AddError(otherwise(token.Value));
        }
    }
}
