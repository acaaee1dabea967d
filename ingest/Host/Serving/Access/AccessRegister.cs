using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace KpiStream.Ingest.Host.Serving.Access;

/// <summary>
/// The keys and board tokens in force, as the file has them. A file that has become unreadable changes nothing, and is said once. Any thread may ask;
/// one looks again. Restart: read from the file.
/// </summary>
/// <param name="file">Where they are kept.</param>
/// <param name="posters">The keys of those who may post that the settings name a file of; they are fixed while it runs.</param>
/// <param name="warn">Told why the file cannot be used.</param>
internal sealed class AccessRegister(AccessFile file, IReadOnlyList<string> posters, Action<string> warn, TimeProvider time)
{
    private readonly Lock looking = new();
    private readonly IReadOnlyList<Held> fixedPosters = [.. posters.Select(static (key, index) => new Held(
        new AccessEntry($"api.key:{index + 1}", AccessKind.Key, $"api.key:{index + 1}", Convert.ToHexStringLower(AccessEntry.HashOf(key)), default, null)
        {
            Roles = [AccessRole.Post],
            IsWritten = true,
        }))];

    private readonly ConcurrentDictionary<string, Held> byId = new();
    private volatile IReadOnlyList<Held> all = [];
    private byte[] seen = [];
    private string told = "";

    /// <summary>Keys and tokens that let somebody read, post or operate now.</summary>
    public int Count => all.Count(one => one.Entry.IsValidAt(time.GetUtcNow()));

    /// <summary>Reads the file when it has changed. What is no longer in it, or has expired, ends with everything that is open in its name.</summary>
    public void LookAgain()
    {
        lock (looking)
        {
            try
            {
                var bytes = file.ReadBytes();
                if (!bytes.AsSpan().SequenceEqual(seen))
                {
                    Replace(file.Parse(bytes));
                    seen = bytes;
                }

                told = "";
            }
            catch (IOException error)
            {
                Tell($"{error.Message} Until then the keys and tokens of before hold.");
            }

            foreach (var over in all.Where(one => !one.Entry.IsValidAt(time.GetUtcNow())))
            {
                over.End();
            }
        }
    }

    /// <summary>Whose secret it is; null for nobody's. Takes the same time for every secret of a length.</summary>
    public AccessEntry? Find(AccessKind kind, string secret)
    {
        var hash = AccessEntry.HashOf(secret);
        AccessEntry? found = null;
        foreach (var one in kind == AccessKind.Key ? all.Concat(fixedPosters) : all)
        {
            // No early end: how long it takes tells nothing.
            found = CryptographicOperations.FixedTimeEquals(one.Hash, hash) ? one.Entry : found;
        }

        return found?.Kind == kind && found.IsValidAt(time.GetUtcNow()) ? found : null;
    }

    /// <summary>The entry while it is in force.</summary>
    public AccessEntry? Find(string? id) => id is not null && byId.TryGetValue(id, out var held) && held.Entry.IsValidAt(time.GetUtcNow()) ? held.Entry : null;

    /// <summary>Ends when the entry is revoked or expires; ended for one that is not there.</summary>
    public CancellationToken Ended(string id) => byId.TryGetValue(id, out var held) ? held.Ended
        : fixedPosters.Any(one => one.Entry.Id == id) ? CancellationToken.None : new CancellationToken(canceled: true);

    private void Replace(IReadOnlyList<AccessEntry> entries)
    {
        var kept = entries.Select(entry =>
            byId.TryGetValue(entry.Id, out var held) && held.Entry.Hash == entry.Hash ? held.With(entry) : new Held(entry)).ToList();
        var gone = all.Where(held => kept.TrueForAll(one => one.Entry.Id != held.Entry.Id || one.Entry.Hash != held.Entry.Hash)).ToList();
        all = kept;
        foreach (var held in gone)
        {
            byId.TryRemove(held.Entry.Id, out _);
        }

        foreach (var held in kept)
        {
            byId[held.Entry.Id] = held;
        }

        gone.ForEach(static held => held.End());
    }

    private void Tell(string text)
    {
        if (told != text)
        {
            told = text;
            warn(text);
        }
    }

    /// <summary>An entry, its hash as bytes, and what ends with it.</summary>
    private sealed class Held(AccessEntry entry, CancellationTokenSource end)
    {
        public Held(AccessEntry entry)
            : this(entry, new CancellationTokenSource())
        {
        }

        public AccessEntry Entry { get; } = entry;

        public byte[] Hash { get; } = Convert.FromHexString(entry.Hash);

        public CancellationToken Ended => end.Token;

        /// <summary>The same secret with other rights: what is open ends, and is asked for again under the new ones.</summary>
        public Held With(AccessEntry newer)
        {
            if (newer == Entry with { Roles = newer.Roles } && newer.Roles.SequenceEqual(Entry.Roles))
            {
                return this;
            }

            End();
            return new Held(newer);
        }

        public void End() => end.Cancel();
    }
}
