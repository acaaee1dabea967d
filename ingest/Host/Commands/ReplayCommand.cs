using KpiStream.Ingest.Host.Runs;

namespace KpiStream.Ingest.Host.Commands;

/// <summary><c>kpistream replay</c>: folds sources from start to present end through the real pipeline, prints the figures and stops.</summary>
internal static class ReplayCommand
{
    public static Command Create()
    {
        var count = new CountOptions();
        var shards = NumberOption.Create(
            "--shards", "Threads that count, 1 to 64. The figures are the same.", 1, StreamEngine.MaxShards, Math.Clamp(Environment.ProcessorCount - 1, 1, 4));
        var decoders = NumberOption.Create("--decoders", "Threads that decode; 0 decodes on the thread that reads.", 0, StreamEngine.MaxShards, 0);
        var decode = new Option<DecodeWay?>("--decode")
        {
            Description = "How records are read: fast (the default), or judge, the slow and strict reader alone. The figures are the same.",
            CustomParser = static result => WordOption.Parser<DecodeWay>("--decode")(result),
        };
        var speed = new Option<string>(
            "--speed")
        { Description = "How fast to read: max, or a multiple of the recorded pace like 1x or 60x.", DefaultValueFactory = _ => "max" };
        var deadLetters = new Option<string?>("--dead-letters")
        {
            HelpName = "file",
            Description = "File for notes of rejected records: reason, key name, "
            + "position, times, length, SHA-256; never their bytes. An earlier run's notes are replaced; the newest 64 MiB are kept, half of them in FILE.1."
        };
        var state = new StateOptions();
        speed.Validators.Add(CheckSpeed);

        var command = new Command("replay", "Count a stream from its start to its present end. Prints a summary; --export writes the figures.");
        count.AddTo(command);
        command.Options.Add(shards);
        command.Options.Add(decoders);
        command.Options.Add(decode);
        command.Options.Add(speed);
        command.Options.Add(deadLetters);
        foreach (var option in state.All)
        {
            command.Options.Add(option);
        }

        DeclaredFiles.AddTo(command, (result, files) =>
        {
            count.Declare(result, files);
            files.Roll("--dead-letters", result.GetValue(deadLetters), OutputForms.DeadLetters);
            files.Own("--state", result.GetValue(state.Folder));
        });
        command.SetStoppable((parsed, cancel) => RunAsync(
            fresh => count.Resolve(parsed, parsed.GetValue(state.Folder), fresh),
            new ReplayOptions(parsed.GetValue(shards), parsed.GetValue(decoders), SpeedOf(parsed.GetRequiredValue(speed)), parsed.GetValue(deadLetters),
                state.Resolve(parsed))
            {
                Limits = parsed.GetValue(decode) is { } way ? DecodeLimits.Default with { FastPath = way == DecodeWay.Fast } : DecodeLimits.Default,
            },
            cancel));
        return command;
    }

    private static async Task<int> RunAsync(Func<FreshFiles, CountPlan?> resolve, ReplayOptions options, CancellationToken cancel)
    {
        var fresh = new FreshFiles();
        var exit = await RunAsync(resolve(fresh), options, cancel);
        if (options.State is { } kept && CheckpointStore.HasAny(kept.Folder))
        {
            fresh.Keep();
        }

        fresh.TakeBack();
        return exit;
    }

    private static async Task<int> RunAsync(CountPlan? plan, ReplayOptions options, CancellationToken cancel)
    {
        if (plan is null)
        {
            return ExitCode.Configuration;
        }

        var sources = SourceOpening.Open(plan, DecodeLimits.Default.MaxRecordBytes);
        if (options.State is not null
            && sources?.FirstOrDefault(source => source.CannotResume is not null) is { CannotResume: { } obstacle })
        {
            Terminal.Say($"{obstacle}, so nothing could go on from a checkpoint: leave out --state, or give a file.");
            return ExitCode.Usage;
        }

        return sources is null ? ExitCode.Usage : await new ReplayRun(plan, sources, options).RunAsync(cancel);
    }

    private static void CheckSpeed(OptionResult result)
    {
        var text = result.GetValueOrDefault<string>() ?? "";
        if (text != "max" && SpeedOf(text) is not > 0)
        {
            result.AddError($"--speed: '{text}' is neither max nor a multiple like 1x or 60x.");
        }
    }

    /// <summary>Null for "as fast as possible"; NaN for what cannot be read.</summary>
    private static double? SpeedOf(string text)
    {
        if (text == "max")
        {
            return null;
        }

        return text.EndsWith('x')
            && double.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var factor)
            ? factor
            : double.NaN;
    }
}
