namespace KpiStream.Ingest.Host.Serving.Alerts;

/// <summary>
/// What alerts are judged by and a file says, read again when the file has changed. A file with a mistake leaves what was before in force, and is said. Owned
/// by the publisher, who looks again; the rest may be read by anyone.
/// </summary>
/// <param name="first">What is in force at the start.</param>
/// <param name="read">Reads the file again; null when the problems got any.</param>
/// <param name="file">The file; null where there is none, and nothing is looked at then.</param>
/// <param name="log">Told of every change, and of every file that is refused.</param>
internal abstract class FileInForce<T>(T first, Func<ICollection<ConfigProblem>, T?> read, string? file, OperatorLog log, TimeProvider time)
    where T : class
{
    /// <summary>How often the file is looked at.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    private volatile T current = first;
    private volatile string refused = "";
    private volatile ConfigProblem? mistake;
    private volatile bool isUnusable;
    private long lookedAt = time.GetTimestamp();
    private DateTime changedAt = file is null ? default : File.GetLastWriteTimeUtc(file);

    public T Current => current;

    /// <summary>1 for what was in force at the start, one more for each edition since.</summary>
    public int Number { get; private set; } = 1;

    /// <summary>Since when it is in force, milliseconds since 1970 UTC.</summary>
    public long Since { get; private set; } = time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Why a newer file is not in force; empty when none is refused.</summary>
    public string Refused => refused;

    /// <summary>Its first mistake; null when none is refused.</summary>
    public ConfigProblem? Mistake => mistake;

    /// <summary>True while a file is refused that has no mistake: this server cannot use it as it runs.</summary>
    public bool IsUnusable => isUnusable;

    /// <summary>Told of every change and of every refusal, on the publisher's flow.</summary>
    public Action<EditionNote> Noted { get; init; } = static _ => { };

    /// <summary>What is in force, as a note of the start.</summary>
    public EditionNote Begun => NoteOf(isRefused: false, VersionOf(current));

    /// <summary>What it is, as the history of alerts names it.</summary>
    public abstract string Id { get; }

    /// <summary>The file looked at; null where there is none.</summary>
    protected string? Path => file;

    /// <summary>Looks whether the file says something else, and takes it when it is good. Does nothing most of the time it is called.</summary>
    public void LookAgain()
    {
        if (file is null || time.GetElapsedTime(lookedAt) < LookEvery)
        {
            return;
        }

        lookedAt = time.GetTimestamp();
        var writtenAt = File.GetLastWriteTimeUtc(file);
        if (writtenAt == changedAt && Refused.Length == 0)
        {
            return;
        }

        var problems = new List<ConfigProblem>();
        var next = read(problems);
        changedAt = writtenAt;
        if (next is null || FindObjection(next) is not null)
        {
            Refuse(next is null ? string.Join("; ", problems.Take(3)) : FindObjection(next)!, problems);
        }
        else
        {
            Take(next, writtenAt);
        }
    }

    /// <summary>What tells one edition from another: the same text is no change.</summary>
    protected abstract string HashOf(T edition);

    /// <summary>An edition as people name it, with the first digits of its hash.</summary>
    protected abstract string VersionOf(T edition);

    /// <summary>Why something sound cannot be used by this server; null when it can.</summary>
    protected virtual string? FindObjection(T next) => null;

    /// <summary>A refusal as the log says it.</summary>
    protected abstract string SayRefused(string why);

    /// <summary>Something new is about to be in force.</summary>
    /// <returns>What the log says of it, as sentences; <paramref name="written"/> says where it comes from.</returns>
    protected abstract string SayTaken(T before, T next, int number, string written);

    private void Refuse(string why, List<ConfigProblem> problems)
    {
        if (why != refused)
        {
            var found = problems is [var worst, ..] ? worst : new ConfigProblem(file!, 0, "", why);
            (mistake, isUnusable) = (found, problems.Count == 0);
            log.Warn(SayRefused($"{why}{(problems.Count > 3 ? $"; and {problems.Count - 3} more" : "")}"));
            Noted(NoteOf(isRefused: true, $"{found with { File = System.IO.Path.GetFileName(file!) }}"));
        }

        refused = why;
    }

    private void Take(T next, DateTime writtenAt)
    {
        (refused, mistake, isUnusable) = ("", null, false);
        if (HashOf(next) == HashOf(current))
        {
            return;
        }

        var said = SayTaken(current, next, Number + 1,
            $"of the file {file} written at {InstantText.ToLocalSeconds(new DateTimeOffset(writtenAt).ToUnixTimeMilliseconds())}");
        current = next;
        (Number, Since) = (Number + 1, time.GetUtcNow().ToUnixTimeMilliseconds());
        log.Info(said);
        Noted(NoteOf(isRefused: false, VersionOf(next)));
    }

    private EditionNote NoteOf(bool isRefused, string text) => new(
        time.GetUtcNow().ToUnixTimeMilliseconds(), Id, isRefused, HashOf(current), file is null ? "" : FileOwner.Of(file), text);
}

/// <summary>What became of a file that was changed.</summary>
/// <param name="At">When, milliseconds since 1970 UTC.</param>
/// <param name="Id">What it is of, see <see cref="FileInForce{T}.Id"/>.</param>
/// <param name="Hash">Of what is in force now.</param>
/// <param name="By">Whose the file is; empty where the system does not say.</param>
/// <param name="Text">What is in force, or why a file was refused; without the folder it lies in.</param>
internal sealed record EditionNote(long At, string Id, bool IsRefused, string Hash, string By, string Text);

/// <summary>Whose a file is: who wrote it, as far as the system knows.</summary>
internal static class FileOwner
{
    private const string Users = "/etc/passwd";
    private const int NameAt = 0, NumberAt = 2;

    /// <summary>The user's name, or number where it has none; empty where the system does not say.</summary>
    public static string Of(string path)
    {
        if (FileStatus.Of(path) is not { Owner: var number })
        {
            return "";
        }

        try
        {
            return File.ReadLines(Users).Select(static line => line.Split(':'))
                .FirstOrDefault(user => user.Length > NumberAt && user[NumberAt] == $"{number}")?[NameAt] ?? $"user {number}";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"user {number}";
        }
    }
}
