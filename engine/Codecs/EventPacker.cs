using System.Buffers;
using MessagePack;

namespace KpiStream.Engine.Codecs;

/// <summary>The two MessagePack forms of an event.</summary>
public enum PackedForm
{
    /// <summary>The keys, words and instants of the JSON form, as texts.</summary>
    Map,

    /// <summary><c>[1, mask, values…]</c> with words as positions and instants as milliseconds.</summary>
    Compact,
}

/// <summary>
/// Rewrites native JSON events as MessagePack, case codes and all: for producers and load tests, never for anything that is kept. Unknown keys are
/// left out. Owned by one flow.
/// </summary>
public sealed class EventPacker(PackedForm form)
{
    private static readonly byte[][] Names = [.. Enumerable.Range(0, CaseKeys.Count).Select(key => Encoding.UTF8.GetBytes(CaseKeys.NameOf((CaseKey)key)))];

    private readonly JsonToken[] tokens = new JsonToken[JsonScanner.NativeSlots];
    private readonly byte[] scratch = new byte[TextSlots.Room];
    private readonly ArrayBufferWriter<byte> written = new(TextSlots.Room);
    private readonly byte[] text = new byte[TextSlots.Room];

    /// <summary>Rewrites an event; false when it is no legal native event by form and types, and then nothing is to be used.</summary>
    /// <param name="json">The event.</param>
    /// <param name="packed">Its bytes, valid until the next one.</param>
    public bool TryPack(ReadOnlySpan<byte> json, out ReadOnlySpan<byte> packed)
    {
        packed = [];
        if (!JsonScanner.TryScan(json, default(JsonScanner.NativeKeys), tokens))
        {
            return false;
        }

        var values = new JsonValues(json, tokens, scratch, PseudonymKey.Fixed);
        written.ResetWrittenCount();
        var writer = new MessagePackWriter(written);
        var isGood = values.IsVersionOne;
        WriteHead(ref writer);
        for (var key = CaseKey.Source; key <= CaseKeys.Last && isGood; key++)
        {
            if (values.Of(key) != Statement.Absent)
            {
                isGood = TryWrite(key, in values, ref writer);
            }
        }

        writer.Flush();
        packed = written.WrittenSpan;
        return isGood;
    }

    private void WriteHead(ref MessagePackWriter writer)
    {
        var mask = 0L;
        for (var key = 0; key < CaseKeys.Count; key++)
        {
            mask |= tokens[key].Kind == JsonTokenKind.Absent ? 0 : 1L << key;
        }

        var count = System.Numerics.BitOperations.PopCount((ulong)mask);
        if (form == PackedForm.Map)
        {
            writer.WriteMapHeader(count);
            return;
        }

        writer.WriteArrayHeader(2 + count);
        writer.Write(1);
        writer.Write(mask);
    }

    private bool TryWrite(CaseKey key, in JsonValues values, ref MessagePackWriter writer)
    {
        if (form == PackedForm.Map)
        {
            writer.WriteString(Names[(int)key]);
        }

        if (values.Of(key) == Statement.Null)
        {
            writer.WriteNil();
            return true;
        }

        return key switch
        {
            CaseKey.At or CaseKey.Filed or CaseKey.Accepted or CaseKey.Due or CaseKey.Ended => TryWriteInstant(key, in values, ref writer),
            CaseKey.Seq or CaseKey.Status or CaseKey.Fee => TryWriteInteger(key, in values, ref writer),
            _ when WordLayout.IsFlag(key) => TryWriteFlag(key, in values, ref writer),
            _ when Words.Of(key) is { } words => TryWriteWord(key, words, in values, ref writer),
            _ => TryWriteText(key, in values, ref writer),
        };
    }

    private bool TryWriteInstant(CaseKey key, in JsonValues values, ref MessagePackWriter writer)
    {
        if (!values.TryInstant(key, out var millis))
        {
            return false;
        }

        if (form == PackedForm.Map)
        {
            return TryWriteText(key, in values, ref writer);
        }

        writer.Write(millis);
        return true;
    }

    private static bool TryWriteInteger(CaseKey key, in JsonValues values, ref MessagePackWriter writer)
    {
        var isInteger = values.TryInteger(key, out var value);
        writer.Write(value);
        return isInteger;
    }

    private static bool TryWriteFlag(CaseKey key, in JsonValues values, ref MessagePackWriter writer)
    {
        var isFlag = values.TryFlag(key, out var value);
        writer.Write(value);
        return isFlag;
    }

    private bool TryWriteWord(CaseKey key, Words words, in JsonValues values, ref MessagePackWriter writer)
    {
        if (!values.TryWord(key, words, out var code))
        {
            return false;
        }

        if (form == PackedForm.Map)
        {
            return TryWriteText(key, in values, ref writer);
        }

        writer.Write(code - 1);
        return true;
    }

    private bool TryWriteText(CaseKey key, in JsonValues values, ref MessagePackWriter writer)
    {
        var isText = values.TryText(key, text, out var length);
        writer.WriteString(text.AsSpan(0, isText ? length : 0));
        return isText;
    }
}
