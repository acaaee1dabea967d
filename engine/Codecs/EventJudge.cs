namespace KpiStream.Engine.Codecs;

/// <summary>
/// The meaning of a scanned record, whatever its form: checks the values in the table's order and builds the event.
/// Codes are interned only once the whole event is accepted, so rejected records leave nothing behind. Owned by one decoder.
/// </summary>
internal sealed class EventJudge(CodeBook codes, DecodeLimits limits)
{
    private const long MaxFee = 1_000_000_000_000;

    private readonly TextSlots texts = new();
    private readonly HashSet<int> knownSources = [.. limits.KnownSources.Select(codes.Sources.Intern)];

    /// <summary>Judges the values of a record that has been found legal in its form.</summary>
    public Verdict Judge<TValues>(scoped in TValues values, long arrival, out CaseEvent decoded)
        where TValues : struct, IEventValues, allows ref struct
    {
        decoded = default;
        if (!values.IsVersionOne)
        {
            return new Verdict(RejectReason.UnsupportedVersion);
        }

        for (var required = CaseKey.Source; required <= CaseKey.At; required++)
        {
            if (values.Of(required) != Statement.Value)
            {
                return Verdict.Missing(required);
            }
        }

        texts.Clear();
        long at = 0, seq = 0;
        for (var current = CaseKey.Source; current <= CaseKeys.Last; current++)
        {
            var statement = values.Of(current);
            if (statement == Statement.Absent)
            {
                continue;
            }

            if (statement == Statement.Value && !TryValue(current, in values, ref decoded, ref at, ref seq))
            {
                return Verdict.BadValue(values.NameOf(current));
            }

            decoded.Stated |= 1u << (int)current;
        }

        decoded.Stamp = new Stamp(at, seq);
        if (limits.IsFromTheFuture(at, arrival))
        {
            return new Verdict(RejectReason.FromTheFuture);
        }

        return Finish(ref decoded);
    }

    private Verdict Finish(ref CaseEvent decoded)
    {
        ref var values = ref decoded.Values;
        if (knownSources.Count > 0 && !knownSources.Contains(codes.Sources.Find(texts[CaseKey.Source])))
        {
            return new Verdict(RejectReason.UnknownSource);
        }

        values.Source = codes.Sources.Intern(texts[CaseKey.Source]);
        values.Procedure = codes.Procedures.Intern(texts[CaseKey.Procedure]);
        values.Field = codes.Fields.Intern(texts[CaseKey.Field]);
        values.Receiving = codes.Units.Intern(texts[CaseKey.Receiving]);
        values.Handling = codes.Units.Intern(texts[CaseKey.Handling]);
        decoded.Stated &= CaseKeys.Registers;
        return Verdict.Accepted;
    }

    private bool TryValue<TValues>(CaseKey current, scoped in TValues from, ref CaseEvent decoded, ref long at, ref long seq)
        where TValues : struct, IEventValues, allows ref struct
    {
        ref var values = ref decoded.Values;
        switch (current)
        {
            case CaseKey.Source:
                return TryText(current, in from) && !texts[current].IsEmpty;
            case CaseKey.Case:
                return from.TryCase(current, out decoded.Case) && decoded.Case != default;
            case CaseKey.Procedure or CaseKey.Field or CaseKey.Receiving or CaseKey.Handling:
                return TryText(current, in from);
            case CaseKey.Parent:
                return from.TryCase(current, out values.Parent);
            case CaseKey.At:
                return from.TryInstant(current, out at);
            case CaseKey.Filed:
                return from.TryInstant(current, out values.Filed);
            case CaseKey.Accepted:
                return from.TryInstant(current, out values.Accepted);
            case CaseKey.Due:
                return from.TryInstant(current, out values.Due);
            case CaseKey.Ended:
                return from.TryInstant(current, out values.Ended);
            case CaseKey.Seq:
                return from.TryInteger(current, out seq) && seq >= 0;
            case CaseKey.Fee:
                var isFee = from.TryInteger(current, out var fee) && fee is >= 0 and <= MaxFee;
                values.FeePlusOne = fee + 1;
                return isFee;
            default:
                return TryPacked(current, in from, ref values);
        }
    }

    private bool TryText<TValues>(CaseKey key, scoped in TValues from)
        where TValues : struct, IEventValues, allows ref struct
    {
        var isText = from.TryText(key, texts.RoomFor(key), out var written);
        texts.Put(key, isText ? written : 0);
        return isText;
    }

    private static bool TryPacked<TValues>(CaseKey current, scoped in TValues from, ref Registers values)
        where TValues : struct, IEventValues, allows ref struct
    {
        if (current == CaseKey.Status)
        {
            var isStatus = from.TryInteger(current, out var status) && status is >= 1 and <= 10;
            values.SetPacked(CaseKey.Status, isStatus ? (int)status : 0);
            return isStatus;
        }

        if (Words.Of(current) is { } words)
        {
            var isWord = from.TryWord(current, words, out var code);
            values.SetPacked(current, code);
            return isWord;
        }

        var isFlag = from.TryFlag(current, out var flag);
        values.SetPacked(current, flag ? WordLayout.True : WordLayout.False);
        return isFlag;
    }
}
