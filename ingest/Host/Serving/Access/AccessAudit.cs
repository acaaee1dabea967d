using System.Collections.Concurrent;
using System.Threading.RateLimiting;
using KpiStream.Ingest.Host.Output.DeadLetters;

namespace KpiStream.Ingest.Host.Serving.Access;

/// <summary>
/// Who did what that matters for safety, one line of JSON each, in two generations of a bounded file that its owner alone may read. No secret, no network
/// address, of people the name and subject that the provider states. Refusals and boards that are opened are written in a bounded
/// number, the others counted. Any thread; commands and a
/// running server write the same file by turns.
/// </summary>
/// <param name="folder">The folder of keys and tokens.</param>
/// <param name="warn">Told once why nothing can be written.</param>
internal sealed class AccessAudit(string folder, Action<string> warn, TimeProvider time) : IDisposable
{
    public const string Name = "access-audit.ndjson";

    /// <summary>Refusals, and boards opened, that are noted in a minute each.</summary>
    public const int MostInAMinute = 30;

    private const long MostBytes = 16 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    // By act: two, refusals and boards that are opened.
    private readonly ConcurrentDictionary<string, FixedWindowRateLimiter> bounded = [];
    private readonly ConcurrentDictionary<string, long> omitted = [];
    private readonly Lock writing = new();
    private bool isTold;

    public string Path { get; } = System.IO.Path.Combine(folder, Name);

    /// <summary>Notes an act.</summary>
    /// <param name="act">What was done, like <c>token_created</c>.</param>
    /// <param name="who">The key, token or person; null for nobody known.</param>
    /// <param name="what">What it was done to.</param>
    public void Note(string act, AuditedIdentity? who, string? what = null) => Write(new Line(Now, act, who?.Kind, who?.Id, who?.Name, what, null));

    /// <summary>Notes an act that somebody can repeat at will, like a board that is opened in a loop, unless too many were noted.</summary>
    public void NoteOften(string act, AuditedIdentity who) => WriteBounded(act, who, null);

    /// <summary>Notes that a request was refused, unless too many were.</summary>
    public void Refuse(string why, AuditedIdentity? who, string what) => WriteBounded("refused", who, $"{why}: {what}");

    public void Dispose()
    {
        foreach (var bound in bounded.Values)
        {
            bound.Dispose();
        }
    }

    private string Now => time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'");

    private void WriteBounded(string act, AuditedIdentity? who, string? what)
    {
        using var lease = bounded.GetOrAdd(act, static _ => NewBound()).AttemptAcquire();
        if (!lease.IsAcquired)
        {
            omitted.AddOrUpdate(act, 1, static (_, known) => known + 1);
            return;
        }

        Write(new Line(Now, act, who?.Kind, who?.Id, who?.Name, what, omitted.TryRemove(act, out var others) ? others : null));
    }

    private static FixedWindowRateLimiter NewBound() => new(new FixedWindowRateLimiterOptions
    {
        PermitLimit = MostInAMinute,
        Window = TimeSpan.FromMinutes(1),
        AutoReplenishment = true,
    });

    private void Write(Line line)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(line, Format);
        lock (writing)
        {
            try
            {
                if (!Directory.Exists(folder))
                {
                    StateFolder.Create(folder);
                }

                using var turn = FileClaim.Take($"{Path}.claim", Patience);
                using var file = new RollingFile(Path, MostBytes, time, "{\"at\":"u8.ToArray());
                if (file.TryWrite([.. bytes, (byte)'\n']))
                {
                    isTold = false;
                    return;
                }

                Tell(file.Error);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                Tell(error.Message);
            }
        }
    }

    private void Tell(string why)
    {
        if (!isTold)
        {
            isTold = true;
            warn($"The audit log {Path} cannot be written: {why} Access goes by the same rules; see to it that its folder is writable.");
        }
    }

    private sealed record Line(string At, string Act, string? Kind, string? Id, string? Name, string? What, long? Omitted);
}

/// <summary>Who it was, in the audit log.</summary>
/// <param name="Kind"><c>key</c>, <c>board</c> or <c>person</c>; <c>file</c> for whose a changed file is.</param>
/// <param name="Id">Of a key or token its id, of a person the subject, of a file the hash of what is in force.</param>
/// <param name="Name">What it is called.</param>
internal sealed record AuditedIdentity(string Kind, string Id, string Name)
{
    public static AuditedIdentity Of(AccessEntry entry) => new(entry.Kind == AccessKind.Key ? "key" : "board", entry.Id, entry.Name);
}
