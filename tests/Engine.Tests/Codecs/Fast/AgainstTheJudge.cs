namespace KpiStream.Engine.Tests.Codecs.Fast;

/// <summary>A fast path beside the judge: whatever the one accepts, the other accepts with the same event.</summary>
/// <param name="judge">Decodes without the fast path.</param>
/// <param name="tryFast">The fast path.</param>
/// <param name="shown">A record as a failure shows it.</param>
internal sealed class AgainstTheJudge(IEventDecoder judge, AgainstTheJudge.TryDecode tryFast, AgainstTheJudge.Show shown)
{
    public delegate bool TryDecode(ReadOnlySpan<byte> record, long arrival, out CaseEvent decoded);

    public delegate string Show(ReadOnlySpan<byte> record);

    public delegate void Learn(in CaseEvent accepted);

    public delegate ReadOnlySpan<byte> NextRecord();

    /// <summary>Shows the fast path every record that the judge accepts.</summary>
    public void Teach(IEnumerable<byte[]> records, Learn learn)
    {
        foreach (var record in records)
        {
            if (judge.Decode(record, DecodeLimits.UnknownArrival, out var accepted).IsAccepted)
            {
                learn(in accepted);
            }
        }
    }

    /// <summary>Tries this many records; how many took the fast path: some and not all, or nothing was tried.</summary>
    public int Run(int trials, NextRecord next)
    {
        var taken = 0;
        for (var trial = 0; trial < trials; trial++)
        {
            var record = next();
            if (tryFast(record, DecodeLimits.UnknownArrival, out var decoded))
            {
                taken++;
                Check(record, in decoded);
            }
        }

        Assert.InRange(taken, trials / 6, trials * 9 / 10);
        return taken;
    }

    private void Check(ReadOnlySpan<byte> record, in CaseEvent decoded)
    {
        var verdict = judge.Decode(record, DecodeLimits.UnknownArrival, out var wanted);
        if (!verdict.IsAccepted || !DecoderPair.AreSame(in decoded, in wanted))
        {
            Assert.Fail($"accepted, where the judge says {verdict}, or another event: {shown(record)}");
        }
    }
}
