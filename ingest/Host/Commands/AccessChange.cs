using KpiStream.Ingest.Host.Serving.Access;

namespace KpiStream.Ingest.Host.Commands;

/// <summary>Creates, lists and revokes keys and board tokens. A running server takes note within a second or two.</summary>
internal sealed class AccessChange(Settings settings, UnitDirectory directory, TimeProvider time)
{
    private readonly string folder = AccessParts.FolderOf(settings);

    public UnitDirectory Directory => directory;

    public Settings Settings => settings;

    private AccessFile File => new(folder);

    /// <summary>Creates one and gives its secret, which nothing else will ever tell; null when it was refused, which has been said.</summary>
    /// <exception cref="IOException">The file cannot be read or written.</exception>
    public string? Create(AccessKind kind, string name, TimeSpan? endsAfter, Func<AccessEntry, AccessEntry> complete)
    {
        if (name.Trim().Length is 0 or > AccessEntry.LongestName || name.Any(char.IsControl))
        {
            Terminal.Say($"a name has 1 to {AccessEntry.LongestName} characters.");
            return null;
        }

        var now = time.GetUtcNow();
        var (entry, secret) = AccessEntry.Create(kind, name.Trim(), now, endsAfter is { } lasts ? now + lasts : null);
        entry = complete(entry);
        var refusal = "";
        File.Change(all =>
        {
            refusal = all.Any(other => other.Kind == kind && other.Name == entry.Name)
                ? $"there is one named '{entry.Name}' already; revoke it first, or choose another name."
                : all.Count >= AccessFile.MostEntries ? $"there are {all.Count} already, the most there may be; revoke some." : "";
            return refusal.Length > 0 ? null : [.. all, entry];
        });
        if (refusal.Length > 0)
        {
            Terminal.Say(refusal);
            return null;
        }

        Note($"{WordOf(kind)}_created", entry, entry.Unit is { } unit ? $"{unit}{(entry.Public ? ", public" : "")}"
            : string.Join(", ", entry.Roles.Select(AccessClaims.WordOf)));
        if (settings.Access is null)
        {
            Terminal.Say("note: the settings have no section 'access', so serve asks nobody for keys or tokens yet; add it to the settings file.");
        }

        return secret;
    }

    /// <summary>Takes one back, by its name or id.</summary>
    /// <exception cref="IOException">The file cannot be read or written.</exception>
    public int Revoke(AccessKind kind, string named)
    {
        AccessEntry? gone = null;
        List<string> known = [];
        File.Change(all =>
        {
            known = [.. all.Where(one => one.Kind == kind).Select(static one => one.Name)];
            gone = all.FirstOrDefault(one => one.Kind == kind && (one.Name == named || one.Id == named));
            return gone is null ? null : [.. all.Where(one => one.Id != gone.Id)];
        });
        if (gone is null)
        {
            Terminal.Say(known.Count == 0 ? $"there is none in {File.Path}." : $"there is none of that name or id; {Suggestion.Sentence(named, known)}.");
            return ExitCode.CheckFailed;
        }

        Note($"{WordOf(kind)}_revoked", gone, null);
        Terminal.Say($"'{gone.Name}' ({gone.Id}) is revoked; a server that runs ends what is open in its name within two seconds.");
        return ExitCode.Ok;
    }

    /// <summary>Prints them, oldest first, without their secrets, which nobody has.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public int List(AccessKind kind, bool json)
    {
        var all = File.Read().Where(one => one.Kind == kind).ToList();
        if (json)
        {
            Terminal.Result(JsonSerializer.Serialize(
                all.Select(one => new
                {
                    one.Id,
                    one.Name,
                    one.Unit,
                    Public = kind == AccessKind.Board ? one.Public : (bool?)null,
                    Roles = kind == AccessKind.Key ? one.Roles.Select(AccessClaims.WordOf) : null,
                    one.Created,
                    one.Expires,
                }),
                Format));
            return ExitCode.Ok;
        }

        foreach (var one in all)
        {
            var what = kind == AccessKind.Key ? string.Join(",", one.Roles.Select(AccessClaims.WordOf)) : $"{one.Unit}{(one.Public ? " public" : "")}";
            var end = one.Expires is not { } expires ? "" : one.IsValidAt(time.GetUtcNow()) ? $"  until {DateOf(expires)}" : $"  ended {DateOf(expires)}";
            Terminal.Result($"{one.Id}  {DateOf(one.Created)}  {what,-16}  {one.Name}{end}");
        }

        return ExitCode.Ok;
    }

    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    };

    private static string DateOf(DateTimeOffset at) => InstantText.ToLocalSeconds(at.ToUnixTimeMilliseconds())[..10];

    private static string WordOf(AccessKind kind) => kind == AccessKind.Key ? "key" : "token";

    private void Note(string act, AccessEntry entry, string? what)
    {
        using var audit = new AccessAudit(folder, Terminal.Say, time);
        audit.Note(act, AuditedIdentity.Of(entry), what);
    }
}
