using System.Buffers;
using System.Text.Encodings.Web;

namespace KpiStream.Ingest.Host.Runs;

/// <summary>
/// Writes events as native JSON whose <c>case</c> and <c>parent</c> are pseudonyms of 32 hexadecimal digits. Read with the key
/// <see cref="Engine.Codecs.PseudonymKey.Applied"/> they give the same events. Owned by one flow.
/// </summary>
internal sealed class EventJson(CodeBook codes) : IDisposable
{
    private readonly ArrayBufferWriter<byte> line = new(1024);

    // Codes are text of any language, read by machines and never put into a page.
    private readonly Utf8JsonWriter json = new(Stream.Null, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>The event without a line feed; valid until the next call.</summary>
    public ReadOnlySpan<byte> Write(in CaseEvent written)
    {
        line.ResetWrittenCount();
        json.Reset(line);
        json.WriteStartObject();
        for (var key = CaseKey.Source; key <= CaseKeys.Last; key++)
        {
            Write(key, in written);
        }

        json.WriteEndObject();
        json.Flush();
        return line.WrittenSpan;
    }

    public void Dispose() => json.Dispose();

    private void Write(CaseKey key, in CaseEvent written)
    {
        switch (key)
        {
            case CaseKey.Case:
                json.WriteString("case", written.Case.ToString());
                break;
            case CaseKey.At:
                json.WriteString("at", InstantText.ToLocalMillis(written.Stamp.At));
                break;
            case CaseKey.Seq:
                if (written.Stamp.Seq != 0)
                {
                    json.WriteNumber("seq", written.Stamp.Seq);
                }

                break;
            default:
                if (written.States(key))
                {
                    json.WritePropertyName(CaseKeys.NameOf(key));
                    WriteValue(key, in written.Values);
                }

                break;
        }
    }

    private void WriteValue(CaseKey key, in Registers values)
    {
        switch (key)
        {
            case CaseKey.Source or CaseKey.Procedure or CaseKey.Field or CaseKey.Receiving or CaseKey.Handling:
                WriteOr(codes.TableOf(key)!.Text(values.CodeOf(key)) is { Length: > 0 } text ? text : null);
                break;
            case CaseKey.Filed or CaseKey.Accepted or CaseKey.Due or CaseKey.Ended:
                WriteOr(values.InstantOf(key) is not 0 and var instant ? InstantText.ToLocalMillis(instant) : null);
                break;
            case CaseKey.Fee:
                WriteOr(values.FeePlusOne != 0, values.FeePlusOne - 1);
                break;
            case CaseKey.Parent:
                WriteOr(values.Parent == default ? null : values.Parent.ToString());
                break;
            default:
                WritePacked(key, values.PackedValue(key));
                break;
        }
    }

    private void WritePacked(CaseKey key, int value)
    {
        if (value != 0 && WordLayout.IsFlag(key))
        {
            json.WriteBooleanValue(value == WordLayout.True);
        }
        else if (Words.Of(key) is { } words)
        {
            WriteOr(value == 0 ? null : words.List[value - 1]);
        }
        else
        {
            WriteOr(value != 0, value);
        }
    }

    private void WriteOr(string? text) => json.WriteStringValue(text);

    private void WriteOr(bool isStated, long number)
    {
        if (isStated)
        {
            json.WriteNumberValue(number);
        }
        else
        {
            json.WriteNullValue();
        }
    }
}
