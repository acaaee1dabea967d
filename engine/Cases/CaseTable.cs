using System.Runtime.CompilerServices;

namespace KpiStream.Engine.Cases;

/// <summary>
/// All cases of one shard: slots in pages that never move, found through a <see cref="CaseIndex"/>. Cases are kept for ever;
/// the bound is the machine's memory, 96 bytes a case and 11 to 22 for its index, more for the few that need an extra or layers.
/// Owned by one shard; a restart rebuilds it from the log.
/// </summary>
public sealed class CaseTable
{
    private const int PageBits = 12;
    private const int PageSize = 1 << PageBits;

    // The first page begins small and grows: it is all there is in most engines of tests, and a page is more than they count.
    private const int LeastPage = 64;

    private CaseSlot[][] pages = new CaseSlot[16][];
    private readonly CaseIndex index = new();
    private readonly PagedPool<CaseExtra> extras = new();
    private int count;
    private ulong touched;

    public int Count => count;

    /// <summary>The stamps of cases whose registers were stated at different times.</summary>
    public StampLayers Layers { get; } = new();

    /// <summary>Cases that need more than a slot.</summary>
    public int Extras => extras.Count;

    /// <summary>The memory held for cases, index included, bytes.</summary>
    public long Bytes => ((((long)count + PageSize - 1) >> PageBits) * PageSize * CaseSlot.Size) + index.Bytes + extras.Bytes + Layers.Bytes;

    /// <summary>Makes room in the index for this many cases that are known to come; without it, it doubles whenever it is full.</summary>
    public void Reserve(int cases) => index.Reserve(cases);

    /// <summary>
    /// Finds the cases of a batch, adding those that are not there. Of many cases nearly every search waits for memory, so all places are touched first, by
    /// loads that do not wait for one another: their memory is fetched together, and is at hand when the events are folded.
    /// </summary>
    /// <param name="events">The batch.</param>
    /// <param name="numbers">Gets the number of each event's case.</param>
    public void Locate(ReadOnlySpan<CaseEvent> events, Span<int> numbers)
    {
        Touch(events, numbers);
        for (var i = 0; i < events.Length; i++)
        {
            ref readonly var id = ref events[i].Case;
            if (numbers[i] < 0 || SlotOf(numbers[i]).Id != id)
            {
                numbers[i] = GetOrAdd(id);
            }
        }
    }

    /// <inheritdoc cref="Locate(ReadOnlySpan{CaseEvent}, Span{int})"/>
    /// <param name="records">Cases known elsewhere.</param>
    public void Locate(ReadOnlySpan<CaseRecord> records, Span<int> numbers)
    {
        for (var i = 0; i < records.Length; i++)
        {
            touched += index.Touched(TagOf(records[i].Id));
        }

        for (var i = 0; i < records.Length; i++)
        {
            numbers[i] = GetOrAdd(records[i].Id);
        }
    }

    /// <summary>The number of a case, in order of first appearance; added with nothing known of it when there is none.</summary>
    public int GetOrAdd(CaseId id)
    {
        var number = Find(id, out var place);
        return number >= 0 ? number : Add(id, place);
    }

    /// <summary>The number of a case; −1 when there is none.</summary>
    public int Find(CaseId id) => Find(id, out _);

    public void Read(int number, out CaseRecord record)
    {
        ref var slot = ref SlotOf(number);
        slot.Get(out record);
        record.Older = slot.Layers;
        if (slot.HasWideStamp)
        {
            record.Stamp = Layers[slot.Layers].Stamp;
            record.Older = Layers[slot.Layers].Next;
        }

        if (slot.Extra != 0)
        {
            extras[slot.Extra].Get(ref record);
        }
    }

    /// <summary>Keeps what a case has become, under its number.</summary>
    public void Write(int number, in CaseRecord record)
    {
        ref var slot = ref SlotOf(number);
        var stamp = slot.HasWideStamp ? slot.Layers : 0;
        var hasRoom = slot.Put(in record);
        slot.Layers = stamp == 0 && !slot.HasWideStamp ? record.Older : Layers.Lead(stamp, slot.HasWideStamp, in record);
        if (!hasRoom)
        {
            WriteExtra(ref slot, in record);
        }
        else if (slot.Extra != 0)
        {
            extras.Return(slot.Extra);
            slot.Extra = 0;
        }
    }

    /// <summary>Loads the slots of cases that are read next, without waiting for one before the other.</summary>
    public void Touch(ReadOnlySpan<int> numbers)
    {
        foreach (var number in numbers)
        {
            touched += SlotOf(number).Touched;
        }
    }

    /// <summary>Loads the places of the index, then the slots of the first cases with the right tags: almost always the right ones.</summary>
    private void Touch(ReadOnlySpan<CaseEvent> events, Span<int> numbers)
    {
        for (var i = 0; i < events.Length; i++)
        {
            touched += index.Touched(TagOf(events[i].Case));
        }

        for (var i = 0; i < events.Length; i++)
        {
            var tag = TagOf(events[i].Case);
            var place = index.Start(tag);
            numbers[i] = index.Next(tag, ref place);
            if (numbers[i] >= 0)
            {
                touched += SlotOf(numbers[i]).Touched;
            }
        }
    }

    private void WriteExtra(ref CaseSlot slot, in CaseRecord record)
    {
        var extra = CaseExtra.Of(in record);
        if (slot.Extra == 0)
        {
            slot.Extra = extras.Rent(in extra);
        }
        else
        {
            extras[slot.Extra] = extra;
        }
    }

    private int Find(CaseId id, out int place)
    {
        var tag = TagOf(id);
        place = index.Start(tag);
        int number;
        do
        {
            number = index.Next(tag, ref place);
        }
        while (number >= 0 && SlotOf(number).Id != id);
        return number;
    }

    // Not the bits that choose the shard: those are the same for all cases of a table.
    private static uint TagOf(CaseId id) => (uint)(id.Hi >> 32) ^ (uint)id.Lo;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref CaseSlot SlotOf(int number) => ref pages[number >> PageBits][number & (PageSize - 1)];

    private int Add(CaseId id, int place)
    {
        if (count % PageSize == 0)
        {
            if (count >> PageBits == pages.Length)
            {
                Array.Resize(ref pages, pages.Length * 2);
            }

            pages[count >> PageBits] = new CaseSlot[count == 0 ? LeastPage : PageSize];
        }
        else if (count < PageSize && count == pages[0].Length)
        {
            Array.Resize(ref pages[0], 2 * count);
        }

        var number = count++;
        SlotOf(number).Id = id;
        index.Add(TagOf(id), number, place);
        return number;
    }
}
