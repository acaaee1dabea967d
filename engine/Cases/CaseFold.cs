using System.Numerics;

namespace KpiStream.Engine.Cases;

/// <summary>
/// Folds events into cases: per register the greater stamp wins, then the greater value. Commutative, associative and
/// idempotent, so duplicates change nothing and arrival order never matters.
/// </summary>
public sealed class CaseFold(CodeBook codes, StampLayers layers)
{
    /// <summary>Folds one event; true when anything that is kept of the case changed, be it a value, a stamp or a first time.</summary>
    public bool Apply(ref CaseRecord record, in CaseEvent change)
    {
        var changed = FoldRegisters(ref record, in change);
        var status = change.States(CaseKey.Status) ? change.Values.PackedValue(CaseKey.Status) : 0;
        return (status != 0 && record.First.Observe((CaseStatus)status, change.Stamp.At)) | changed;
    }

    private bool FoldRegisters(ref CaseRecord record, in CaseEvent change)
    {
        var coversAll = (record.Stated & ~change.Stated) == 0;
        if (coversAll && (record.Stated == 0 || change.Stamp > record.Stamp))
        {
            Overwrite(ref record, in change);
            return true;
        }

        var order = change.Stamp.CompareTo(record.Stamp);
        var newest = record.Stated & ~layers.KeysOf(record.Older);
        var won = Won(in record, in change, order, newest);
        if (won == 0)
        {
            return false;
        }

        RegisterOrder.Copy(won, in change.Values, ref record.Values);
        record.Stated |= won;
        Restamp(ref record, change.Stamp, order, newest & ~won, won);
        return true;
    }

    /// <summary>The common case: a newer event that states everything known.</summary>
    private void Overwrite(ref CaseRecord record, in CaseEvent change)
    {
        record.Values = change.Values;
        record.Stated = change.Stated;
        record.Stamp = change.Stamp;
        if (record.Older != 0)
        {
            layers.Remove(ref record.Older, uint.MaxValue);
        }
    }

    /// <summary>The registers the event has the last word on: never stated, stated earlier, or stated at once with a lower value.</summary>
    private uint Won(in CaseRecord record, in CaseEvent change, int order, uint newest)
    {
        var won = (change.Stated & ~record.Stated) | WonOf(change.Stated & newest, order, in record, in change);
        for (var chain = record.Older; chain != 0;)
        {
            ref var layer = ref layers[chain];
            won |= WonOf(change.Stated & layer.Keys, change.Stamp.CompareTo(layer.Stamp), in record, in change);
            chain = layer.Next;
        }

        return won;
    }

    private uint WonOf(uint keys, int order, in CaseRecord record, in CaseEvent change)
    {
        if (order != 0)
        {
            return order > 0 ? keys : 0;
        }

        var won = 0u;
        for (; keys != 0; keys &= keys - 1)
        {
            var key = BitOperations.TrailingZeroCount(keys);
            won |= RegisterOrder.Compare((CaseKey)key, in change.Values, in record.Values, codes) > 0 ? 1u << key : 0;
        }

        return won;
    }

    /// <param name="order">How the event's stamp compares with the newest.</param>
    /// <param name="kept">Registers that keep the newest stamp.</param>
    /// <param name="won">Registers that get the event's.</param>
    private void Restamp(ref CaseRecord record, Stamp stamp, int order, uint kept, uint won)
    {
        layers.Remove(ref record.Older, won);
        if (order < 0)
        {
            layers.Add(ref record.Older, stamp, won);
        }
        else if (order > 0)
        {
            if (kept != 0)
            {
                layers.Add(ref record.Older, record.Stamp, kept);
            }

            record.Stamp = stamp;
        }
    }
}
