using KpiStream.Ingest.Host.Serving.Access;

namespace KpiStream.Ingest.Tests.Host.Serving.Access;

/// <summary>Too many requests, too many wrong secrets, and a file that cannot be read.</summary>
public sealed class AccessLimitsTests
{
    [Fact]
    public async Task WrongKeys_AreSoonRefusedByAddress_ButAKeyThatCannotBeGuessedIsStillLetIn()
    {
        await using var server = await AccessServer.StartAsync();
        var key = await server.CreateKeyAsync("reader", AccessRole.Read);
        using var browser = new Browser(server.Url);
        var statuses = new List<int>();
        for (var asked = 0; asked < (2 * WrongSecrets.Most) && !statuses.Contains(429); asked++)
        {
            statuses.Add((await browser.ReadAsync("/api/v1/board", $"wrong {asked}")).Status);
        }

        Assert.Equal([.. Enumerable.Repeat(401, WrongSecrets.Most), 429], statuses);
        using var refused = await browser.AskAsync("/board?token=wrong");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Equal(200, (await browser.ReadAsync("/api/v1/units", key)).Status);

        // The operator's own key may be one that can be guessed.
        Assert.Equal(429, await server.StatusAsync("/api/v1/events", AccessServer.PostKey, HttpMethod.Post, "{}"));
        Assert.InRange(server.Audit().Count(line => (string?)line["act"] == "refused"), 1, AccessAudit.MostInAMinute);
        Assert.Contains("reason=\"rate\"", (await browser.ReadAsync("/metrics", key)).Text);
    }

    [Fact]
    public async Task MoreRequestsThanOneMaySend_AreRefusedWithAMomentToWait_AndOthersAreNot()
    {
        await using var server = await AccessServer.StartAsync(static (settings, _) => settings with { Access = new AccessSettings { RequestsPerSecond = 1 } });
        var (busy, calm) = (server.Change.Create(AccessKind.Key, "busy", null, Reads)!, server.Change.Create(AccessKind.Key, "calm", null, Reads)!);
        using var browser = new Browser(server.Url);
        await server.KnowsAsync(AccessKind.Key, calm);
        HttpResponseMessage? refused = null;
        for (var asked = 0; asked < 40 && refused is null; asked++)
        {
            var answer = await browser.AskAsync("/api/v1/units", busy);
            refused = answer.StatusCode == HttpStatusCode.TooManyRequests ? answer : null;
        }

        Assert.InRange(refused!.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 10);
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType!.MediaType);
        Assert.Equal(200, (await browser.ReadAsync("/api/v1/units", calm)).Status);
        refused.Dispose();
    }

    [Fact]
    public async Task AFileThatCannotBeRead_ChangesNothing_AndIsSaid()
    {
        await using var server = await AccessServer.StartAsync();
        var key = await server.CreateKeyAsync("reader", AccessRole.Read);
        var good = await File.ReadAllBytesAsync(server.FilePath);
        await File.WriteAllTextAsync(server.FilePath, "{ not ours");
        await AccessServer.UntilAsync(() => server.Said.Contains("is not as this program writes it"));
        Assert.Equal(200, await server.StatusAsync("/api/v1/units", key));
        if (!OperatingSystem.IsWindows())
        {
            await File.WriteAllBytesAsync(server.FilePath, good);
            File.SetUnixFileMode(server.FilePath, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
            await AccessServer.UntilAsync(() => server.Said.Contains("chmod 600"));
        }

        Assert.Equal(200, await server.StatusAsync("/api/v1/units", key));
    }

    [Fact]
    public void AnAuditOfManyRefusalsAndOpenings_IsBounded()
    {
        using var folder = new TemporaryFolder();
        using var audit = new AccessAudit(folder.Path, Assert.Fail, TimeProvider.System);
        for (var refused = 0; refused < 1_000; refused++)
        {
            audit.Refuse("unknown", null, "GET /");
            audit.NoteOften("board_opened", new AuditedIdentity("board", "2", "wall"));
        }

        audit.Note("operated", new AuditedIdentity("key", "1", "a\nb"));
        var lines = File.ReadAllLines(folder.File(AccessAudit.Name)).Select(static line => JsonNode.Parse(line)!).ToList();
        Assert.Equal(
            (AccessAudit.MostInAMinute, AccessAudit.MostInAMinute),
            (lines.Count(static line => (string?)line["act"] == "refused"), lines.Count(static line => (string?)line["act"] == "board_opened")));
        Assert.Equal(("operated", "a\nb"), ((string?)lines[^1]["act"], (string?)lines[^1]["name"]));
    }

    private static AccessEntry Reads(AccessEntry entry) => entry with { Roles = [AccessRole.Read] };
}
