using KpiStream.Ingest.Sources.Loads;

namespace KpiStream.Ingest.Host.Runs.Load;

/// <summary>
/// Writes an event as it is sent: as it came where nothing of it changes, otherwise as native JSON whose case codes are pseudonyms, once for each copy of the
/// province, with cases and units of that copy. Owned by one flow.
/// </summary>
internal sealed class CopyWriter(DirtyWriter next, UnitRenaming units, int provinces) : IDisposable
{
    private readonly Dictionary<(int Unit, int Copy), int> renamed = [];
    private EventJson? json;

    /// <summary>The first copy's number: each repetition of the stream has numbers of its own.</summary>
    public int Copy { get; set; }

    /// <summary>By how much times are moved, milliseconds.</summary>
    public long Shift { get; set; }

    public void Write(ReadOnlySpan<byte> record, RecordForm form, in CaseEvent read, CodeBook codes, long time)
    {
        for (var province = 0; province < provinces; province++)
        {
            var moved = read;
            if (form == RecordForm.Events && Copy + province == 0 && Shift == 0)
            {
                next.Write(record, in moved, codes, time);
                continue;
            }

            WeekShift.Apply(ref moved, Shift);
            moved.Case = CaseRenaming.Of(read.Case, Copy + province);
            moved.Values.Parent = CaseRenaming.Of(read.Values.Parent, Copy + province);
            moved.Values.Receiving = Renamed(read.Values.Receiving, province, codes);
            moved.Values.Handling = Renamed(read.Values.Handling, province, codes);
            json ??= new EventJson(codes);
            next.Write(json.Write(in moved), in moved, codes, time + Shift);
        }
    }

    /// <summary>A record that is no event: nothing in it can be renamed or moved.</summary>
    public void WriteOther(ReadOnlySpan<byte> record, long time) => next.WriteOther(record, time + Shift);

    public void Dispose() => json?.Dispose();

    private int Renamed(int unit, int province, CodeBook codes)
    {
        if (province == 0 || unit == 0)
        {
            return unit;
        }

        if (!renamed.TryGetValue((unit, province), out var other))
        {
            other = codes.Units.Intern(units.Of(codes.Units.Text(unit), province));
            renamed.Add((unit, province), other);
        }

        return other;
    }
}
