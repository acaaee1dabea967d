namespace KpiStream.Ingest.Host.Serving.Boards;

/// <summary>Keeps the list of wallboards beside the checkpoints. A disk that fails costs this and nothing else.</summary>
/// <param name="note">Where it is kept; owned by this service.</param>
/// <param name="say">Told of an error in one sentence.</param>
internal sealed class BoardRegistryService(BoardRegistry registry, StateNote note, TimeProvider time, Action<string> say) : BackgroundService
{
    /// <summary>A crash loses what was said in so much time; a board says it again.</summary>
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    private readonly StandingError error = new();
    private long written = -1;

    /// <summary>Takes over what an earlier run left. To be called before the service is started.</summary>
    /// <exception cref="IOException">The disk does not give it.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public void Recall()
    {
        if (!note.TryRead(out var line) || (line.Length > 0 && TryParse(line) is null))
        {
            say($"{note.Name} is damaged: the list of wallboards begins anew.");
        }
        else if (line.Length > 0)
        {
            registry.Recall(TryParse(line)!);
        }
    }

    /// <summary>Told to stop, it keeps the newest first, even where it had not begun yet.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        Write();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Write();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Asked to stop.
        }
    }

    private static List<KnownBoard>? TryParse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<List<KnownBoard>>(json, ApiJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void Write()
    {
        var version = registry.Version;
        if (version == written)
        {
            return;
        }

        try
        {
            note.Write(JsonSerializer.SerializeToUtf8Bytes(registry.All, ApiJson.Options));
            written = version;
            if (error.Ends())
            {
                say($"{note.Name} is written again.");
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            if (error.Begins(problem.Message))
            {
                say($"{note.Name} could not be written: {problem.Message} See to the disk, for after a restart the list of wallboards would be an older one.");
            }
        }
    }
}
