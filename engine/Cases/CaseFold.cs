using System.Numerics;
using KpiStream.Engine.Events;

namespace KpiStream.Engine.Cases;

/// <summary>
/// Folds events into cases (spec section 3): per register the greater stamp wins, then the greater value. Commutative, associative and
/// idempotent, so duplicates change nothing and arrival order never matters.
/// </summary>
public sealed class CaseFold(CodeBook codes, MixedStamps mixed)
{
    /// <summary>Folds one event; true when anything that is kept of the case changed, be it a value, a stamp or a first time.</summary>
    public bool Apply(ref CaseRecord record, in CaseEvent change)
    {
        var changed = FoldRegisters(ref record, in change);
        var status = change.States(CaseKey.Status) ? change.Values.PackedValue(CaseKey.Status) : 0;
        return (status != 0 && record.First.Observe(status, change.Stamp.At)) | changed;
    }

    private bool FoldRegisters(ref CaseRecord record, in CaseEvent change)
    {
        var coversAll = (record.Stated & ~change.Stated) == 0;
        if (coversAll && (record.Stated == 0 || change.Stamp > record.Stamp))
        {
            Overwrite(ref record, in change);
            return true;
        }

        if (record.Mixed == 0)
        {
            if (change.Stamp == record.Stamp)
            {
                return MergeEqual(ref record, in change);
            }

            if (change.Stamp < record.Stamp && (change.Stated & ~record.Stated) == 0)
            {
                return false;
            }

            record.Mixed = mixed.Rent(record.Stamp);
        }

        return MergeMixed(ref record, in change);
    }

    /// <summary>The common case: a newer event that states everything known.</summary>
    private void Overwrite(ref CaseRecord record, in CaseEvent change)
    {
        record.Values = change.Values;
        record.Stated = change.Stated;
        record.Stamp = change.Stamp;
        if (record.Mixed != 0)
        {
            mixed.Return(record.Mixed);
            record.Mixed = 0;
        }
    }

    private bool MergeEqual(ref CaseRecord record, in CaseEvent change)
    {
        var changed = false;
        for (var keys = change.Stated; keys != 0; keys &= keys - 1)
        {
            var key = (CaseKey)BitOperations.TrailingZeroCount(keys);
            var known = (record.Stated & (1u << (int)key)) != 0;
            if (!known || RegisterOrder.Compare(key, in change.Values, in record.Values, codes) > 0)
            {
                RegisterOrder.Copy(key, in change.Values, ref record.Values);
                changed = true;
            }
        }

        record.Stated |= change.Stated;
        return changed;
    }

    private bool MergeMixed(ref CaseRecord record, in CaseEvent change)
    {
        var stamps = mixed.Of(record.Mixed);
        var changed = false;
        for (var keys = change.Stated; keys != 0; keys &= keys - 1)
        {
            var key = (CaseKey)BitOperations.TrailingZeroCount(keys);
            var known = (record.Stated & (1u << (int)key)) != 0;
            if (known && !Wins(key, in change, in record, stamps[(int)key]))
            {
                continue;
            }

            RegisterOrder.Copy(key, in change.Values, ref record.Values);
            stamps[(int)key] = change.Stamp;
            changed = true;
        }

        record.Stated |= change.Stated;
        record.Stamp = change.Stamp > record.Stamp ? change.Stamp : record.Stamp;
        ShareStampAgain(ref record, stamps);
        return changed;
    }

    private bool Wins(CaseKey key, in CaseEvent change, in CaseRecord record, Stamp stamp)
    {
        var order = change.Stamp.CompareTo(stamp);
        return order > 0 || (order == 0 && RegisterOrder.Compare(key, in change.Values, in record.Values, codes) > 0);
    }

    private void ShareStampAgain(ref CaseRecord record, ReadOnlySpan<Stamp> stamps)
    {
        for (var keys = record.Stated; keys != 0; keys &= keys - 1)
        {
            if (stamps[BitOperations.TrailingZeroCount(keys)] != record.Stamp)
            {
                return;
            }
        }

        mixed.Return(record.Mixed);
        record.Mixed = 0;
    }
}
