using KpiStream.Engine.Arrivals;
using KpiStream.Ingest.Host.Output;
using KpiStream.Ingest.Host.Serving.Api;
using KpiStream.Ingest.Host.Serving.Liveness;

namespace KpiStream.Ingest.Tests.Host.Serving.Api;

/// <summary><c>GET /api/v1/sources</c>: who states which key how often.</summary>
public sealed class SourcesAnswerTests
{
    [Fact]
    public async Task EverySource_IsListedWithTheShareOfItsEventsThatStateAKey()
    {
        await using var engine = Start();
        Feed(engine,
            """{"source":"dvc","case":"1","at":"2026-11-26T08:00:00+07:00","status":2,"channel":"online"}""",
            """{"source":"dvc","case":"1","at":"2026-11-26T08:00:00+07:00","status":2,"channel":"online"}""", // a duplicate is an event too
            """{"source":"dvc","case":"2","at":"2026-11-26T09:00:00+07:00","presence":null}""",
            """{"source":"dvc","case":"3","at":"2026-11-26T09:00:00+07:00","status":99}""", // rejected
            """{"source":"1cua","case":"1","at":"2026-11-26T10:00:00+07:00","signed":true}""");
        var answer = await ReadAsync(engine);
        Assert.Equal((4, 0, 2), ((long)answer["events"]!, (long)answer["notCounted"]!, answer["sources"]!.AsArray().Count));
        Assert.Null(answer["others"]);
        var (first, second) = (answer["sources"]![0]!, answer["sources"]![1]!);
        Assert.Equal(("dvc", 3, "1cua", 1), ((string)first["source"]!, (long)first["events"]!, (string)second["source"]!, (long)second["events"]!));
        Assert.Equal((2, 2.0 / 3), KeyOf(first, "channel"));
        Assert.Equal((1, 1.0 / 3), KeyOf(first, "presence")); // a null is a statement
        Assert.Equal((1, 1), KeyOf(second, "signed"));
        Assert.Contains("returned", first["neverStated"]!.AsArray().Select(key => (string)key!));
        Assert.DoesNotContain("presence", first["neverStated"]!.AsArray().Select(key => (string)key!));
        Assert.Equal(System.Numerics.BitOperations.PopCount(CaseKeys.Registers) - 1, first["neverStated"]!.AsArray().Count + first["keys"]!.AsArray().Count);
    }

    [Fact]
    public async Task WhetherASourceIsHeardOf_IsSaidAsOnTheBoard_AndNothingWhileThePastIsRead()
    {
        await using var engine = Start();
        Feed(engine, """{"source":"dvc","case":"1","at":"2026-11-26T08:00:00+07:00"}""", """{"source":"mc","case":"1","at":"2026-11-26T08:00:00+07:00"}""");
        var at = new DateTimeOffset(2026, 11, 26, 9, 12, 7, TimeSpan.FromHours(7)).ToUnixTimeMilliseconds();
        var heard = new SourcesReading(SourceState.Live, [new SourceReading("dvc", SourceState.Silent, at, TimeSpan.FromHours(1), IsOfficeTime: true, 41.5)]);
        var sources = (await ReadAsync(engine, heard))["sources"]!;
        Assert.Equal(("silent", "2026-11-26T09:12:07+07:00", 41.5),
            ((string)sources[0]!["state"]!, (string)sources[0]!["lastArrival"]!, (double)sources[0]!["expectedNow"]!));
        Assert.Null(sources[1]!["state"]);
        Assert.Null((await ReadAsync(engine))["sources"]![0]!["lastArrival"]);
    }

    [Fact]
    public async Task EventsOfBeforeAnOldCheckpoint_AreSaidNotToBeCounted()
    {
        await using var engine = Start();
        await engine.AskShardAsync(0, state =>
        {
            state.Restore(new ShardCut(1, 40, 2, 0, default));
            return true;
        });
        Feed(engine, """{"source":"dvc","case":"1","at":"2026-11-26T08:00:00+07:00"}""");
        var answer = await ReadAsync(engine);
        Assert.Equal((43, 42), ((long)answer["events"]!, (long)answer["notCounted"]!));
    }

    private static StreamEngine Start() => new(new EngineOptions { Rulebook = Shipped.Rulebook(), Directory = Shipped.Units("hungyen"), Shards = 3 });

    private static void Feed(StreamEngine engine, params string[] events)
    {
        var intake = engine.OpenIntake("test");
        foreach (var line in events)
        {
            intake.Accept(Encoding.UTF8.GetBytes(line), new SourcePosition(0, 1), DecodeLimits.UnknownArrival);
        }

        intake.Flush();
    }

    private static (long Events, double Share) KeyOf(JsonNode source, string key)
    {
        var row = source["keys"]!.AsArray().Single(one => (string)one!["key"]! == key)!;
        return ((long)row["events"]!, (double)row["share"]!);
    }

    private static async Task<JsonNode> ReadAsync(StreamEngine engine, SourcesReading? heard = null)
    {
        var json = new JsonSerializerOptions();
        ApiJson.Configure(json);
        return JsonSerializer.SerializeToNode(await SourcesAnswer.ReadAsync(engine, heard ?? SourcesReading.None, CancellationToken.None), json)!;
    }
}
