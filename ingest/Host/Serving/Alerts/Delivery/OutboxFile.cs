namespace KpiStream.Ingest.Host.Serving.Alerts.Delivery;

/// <summary>
/// The outbox on disk: a file of lines that is only appended to (<c>alerts-00000007.outbox</c>). A new one begins with everything that is alive, at every start
/// and when the old one has grown, and the old one is deleted once the new one is on disk. A line torn by a crash was promised to nobody and is left out. Owned
/// by one thread; any call may throw <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.
/// </summary>
internal sealed class OutboxFile(IStateFiles files) : IDisposable
{
    private const string Prefix = "alerts-";
    private const string Extension = ".outbox";

    /// <summary>A longer file is none that was written here.</summary>
    private const int MostBytes = 512 << 20;

    private IStateFile? file;

    /// <summary>What to call it in messages.</summary>
    public string Name => $"the outbox in {files.Name}";

    /// <summary>Bytes appended since the file began.</summary>
    public long Appended { get; private set; }

    /// <summary>Bytes that the file began with.</summary>
    public long Begun { get; private set; }

    /// <summary>Reads what an earlier run left.</summary>
    /// <param name="report">Told one sentence of what is damaged.</param>
    public IReadOnlyList<OutboxRecord> Read(Action<string> report)
    {
        foreach (var name in Names().Reverse())
        {
            var (records, damaged) = Parse(ReadAll(name));
            if (records.Count == 0 || records[0].Begin is not { Format: 1 } || !records.Exists(static record => record.Complete == true))
            {
                continue; // Begun when the process was killed: the one before has it all.
            }

            if (damaged > 0)
            {
                report($"{name} in {files.Name} is damaged: {damaged} lines cannot be read, and what they said of alert messages is lost.");
            }

            return records;
        }

        if (Names().Any())
        {
            report($"{Name} is damaged: alert messages that had not been delivered are lost.");
        }

        return [];
    }

    /// <summary>Begins a new file with everything that is alive; the older ones are gone then.</summary>
    public void Begin(IEnumerable<OutboxRecord> all)
    {
        var older = Names().ToList();
        file?.Dispose();
        file = null;
        var name = $"{Prefix}{(older.Count == 0 ? 1 : NumberOf(older[^1]) + 1):00000000}{Extension}";
        var bytes = all.Append(new OutboxRecord { Complete = true }).SelectMany(static record => record.ToLine()).ToArray();
        var begun = files.Create(name);
        try
        {
            begun.Write(bytes);
            begun.Sync();
            files.SyncNames();
        }
        catch
        {
            begun.Dispose();
            throw;
        }

        (file, Begun, Appended) = (begun, bytes.Length, 0);
        older.ForEach(files.Delete);
    }

    /// <summary>Appends lines; returns when they are on disk.</summary>
    public void Append(ReadOnlySpan<byte> lines)
    {
        try
        {
            file!.Write(lines);
            file.Sync();
            Appended += lines.Length;
        }
        catch
        {
            // Half a line may be in it: nothing is appended behind that, and a new file is begun.
            file!.Dispose();
            file = null;
            throw;
        }
    }

    /// <summary>False when a new file has to be begun before anything is appended.</summary>
    public bool IsOpen => file is not null;

    public void Dispose() => file?.Dispose();

    private static (List<OutboxRecord> Records, int Damaged) Parse(ReadOnlySpan<byte> bytes)
    {
        var records = new List<OutboxRecord>();
        var damaged = 0;
        while (bytes.IndexOf((byte)'\n') is var end and >= 0)
        {
            if (OutboxRecord.TryParse(bytes[..end]) is { } record)
            {
                records.Add(record);
            }
            else
            {
                damaged++;
            }

            bytes = bytes[(end + 1)..];
        }

        return (records, damaged);
    }

    private static int NumberOf(string name) => int.Parse(name.AsSpan(Prefix.Length, 8), NumberStyles.None);

    private IEnumerable<string> Names() => files.List()
        .Where(static name => name.Length == Prefix.Length + 8 + Extension.Length && name.StartsWith(Prefix) && name.EndsWith(Extension)
            && name.AsSpan(Prefix.Length, 8).IndexOfAnyExceptInRange('0', '9') < 0)
        .Order(StringComparer.Ordinal);

    private byte[] ReadAll(string name)
    {
        using var read = files.Read(name);
        if (read.Length > MostBytes)
        {
            return [];
        }

        using var all = new MemoryStream();
        read.CopyTo(all);
        return all.ToArray();
    }
}
