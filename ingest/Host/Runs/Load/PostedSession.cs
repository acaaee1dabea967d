using System.Text.Json.Nodes;
using KpiStream.Ingest.Sources.Configuration.Loads;

namespace KpiStream.Ingest.Host.Runs.Load;

/// <summary>A server in another process that takes events over HTTP, as <c>serve --log</c> does.</summary>
internal sealed class PostedSession : LoadSession
{
    private readonly Uri server;
    private readonly PostedFollower follower;
    private readonly PostedTarget target;
    private readonly BoardClient client;

    private PostedSession(Uri server, string? key, LatencyBook book, LoadClock clock)
    {
        this.server = server;
        follower = new PostedFollower(book, clock);
        target = new PostedTarget(server, key, follower);
        client = new BoardClient(server, (_, events) => follower.Receive(events));
    }

    public override ILoadTarget Target => target;

    public override LoadProgress Progress => follower;

    public override Uri Address => server;

    public override string Failure => target.Failure;

    /// <summary>Null when the server cannot be used, which has been said.</summary>
    public static async Task<PostedSession?> OpenAsync(LoadPlan plan, LatencyBook book, LoadClock clock, CancellationToken stop)
    {
        if (plan.ApiKeyFile is { } missing && !File.Exists(missing))
        {
            Terminal.Say($"{missing} does not exist: give the file with the server's API key, api.key in the folder of its log.");
            return null;
        }

        var key = plan.ApiKeyFile is { } file ? File.ReadLines(file).FirstOrDefault(static line => line.Trim() is { Length: > 0 } and not ['#',
            ..])?.Trim() : null;
        var session = new PostedSession(new Uri(new Uri(plan.Target).GetLeftPart(UriPartial.Authority)), key, book, clock);
        try
        {
            await session.client.ConnectAsync(stop);
            var refusal = session.follower.Before > 0
                ? $"{session.server} holds {session.follower.Before:N0} events already, and figures would be of those too: start a server with an empty log."
                : await session.target.FindRefusalAsync(stop);
            if (refusal is null)
            {
                return session;
            }

            Terminal.Say(refusal);
        }
        catch (HttpRequestException error)
        {
            Terminal.Say($"{session.server} does not answer as serve does: {error.Message} Start it with serve --log DIR.");
        }

        await session.DisposeAsync();
        return null;
    }

    public override async Task<LoadAnswer> CheckAsync(LoadRecount recount, CancellationToken stop)
    {
        await client.DisposeAsync();
        await recount.RunAsync(stop);
        var period = recount.Periods.Single(static period => period.Kind == PeriodKind.Since);
        using var http = new HttpClient { BaseAddress = server };
        var told = new Dictionary<(string Kpi, string Unit), (long? D, long? N, long? U)>();
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        for (var page = $"/api/v1/figures?period={period.Name}&limit=10000"; page is not null;)
        {
            using var answer = await http.GetAsync(new Uri(page, UriKind.RelativeOrAbsolute), stop);
            answer.EnsureSuccessStatusCode();
            foreach (var row in JsonNode.Parse(await answer.Content.ReadAsStringAsync(stop))!.AsArray())
            {
                told[((string)row!["kpi"]!, (string)row["unit"]!)] =
                    ((long?)row["denominator"], (long?)row["numerator"], (long?)row["unobserved"]);
            }

            page = NextOf(answer);
        }

        var expected = recount.Counted.Rows([period], now, rollup: true).ToDictionary(
            static row => (row.Kpi, row.Unit), static row => ((long?)row.Denominator, row.Numerator, row.Unobserved));
        var known = Shipped.Rulebook().Figures.Select(static figure => figure.Id).ToHashSet();
        List<string> differences =
        [
            .. expected.Where(row => told.GetValueOrDefault(row.Key) != row.Value)
                .Select(row => $"{row.Key.Kpi} of {row.Key.Unit}: the server says {told.GetValueOrDefault(row.Key)}, the recount {row.Value}"),
            .. told.Where(row => row.Value.D > 0 && known.Contains(row.Key.Kpi) && !expected.ContainsKey(row.Key))
                .Select(row => $"{row.Key.Kpi} of {row.Key.Unit}: the server says {row.Value}, and the recount has none"),
        ];
        return new LoadAnswer(expected.Count, [.. differences.Take(10)], "", recount.Fingerprint)
        {
            Rejected = recount.Rejected,
            Cases = recount.Counted.Cases,
        };
    }

    public override async ValueTask DisposeAsync()
    {
        await client.DisposeAsync();
        await target.DisposeAsync();
    }

    protected override Task FlushAsync(CancellationToken stop) => target.FinishAsync(stop);

    private static string? NextOf(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("Link", out var links) && links.FirstOrDefault() is { } link && link.Contains("next")
            ? link[(link.IndexOf('<') + 1)..link.IndexOf('>')] : null;
}
