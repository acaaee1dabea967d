using System.Numerics;

namespace KpiStream.Ingest.Sources.Generation;

/// <summary>
/// Writes a picture in one of the many ways the contract allows: in part or whole, keys in any order, nulls, escapes, white space,
/// unknown and repeated keys, other offsets. The way is drawn from the picture's own seed, so a line sent again is the same.
/// Owned by one stream.
/// </summary>
internal sealed class MixedLine(LineBuffer line, UnitLoad units)
{
    private const int Version = CaseKeys.Count; // the slot of "v" behind the keys

    /// <summary>What every provider states.</summary>
    private const uint Always = CaseKeys.Required | (1u << (int)CaseKey.Seq);

    private static readonly byte[][] Names =
    [
        .. Enumerable.Range(0, CaseKeys.Count).Select(key => System.Text.Encoding.UTF8.GetBytes(CaseKeys.NameOf((CaseKey)key))),
        "v"u8.ToArray(),
    ];

    private static readonly int[] Offsets = [420, 0, -210, 840];

    private readonly int[] order = new int[CaseKeys.Count + 1];
    private readonly LineBuffer text = new();
    private SeededRandom random;
    private bool isOdd;

    public void Write(in CasePicture picture)
    {
        random = new SeededRandom(picture.Style);
        isOdd = random.Chance(400);
        var stated = DrawStated(picture);
        DrawOrder();
        line.Add((byte)'{');
        var first = true;
        if (random.Chance(50)) // of a repeated key only the last value counts
        {
            line.Add("\"status\":[\"?\"]"u8);
            stated |= 1u << (int)CaseKey.Status;
            first = false;
        }

        foreach (var slot in order)
        {
            if (slot == Version ? random.Chance(800) : (stated & (1u << slot)) != 0)
            {
                AddMember(slot, picture, ref first);
            }
        }

        AddUnknown(ref first);
        Space();
        line.Add((byte)'}');
        Space();
    }

    private uint DrawStated(in CasePicture picture)
    {
        var stated = random.Chance(600) ? CaseKeys.Registers : (uint)random.Next() & CaseKeys.Registers;
        stated |= random.Chance(900) ? 1u << (int)CaseKey.Status : 0;
        stated &= picture.Satisfied is null ? ~(1u << (int)CaseKey.Satisfied) : uint.MaxValue;
        stated &= ~picture.Silent;
        stated &= picture.Parent == default ? ~(1u << (int)CaseKey.Parent) : uint.MaxValue;

        // The kind never changes, and a case is what is meant when nothing is said.
        stated &= picture.Kind == Kind.Case && random.Chance(700) ? ~(1u << (int)CaseKey.Kind) : uint.MaxValue;
        return stated | Always | (picture.Kind != Kind.Case ? 1u << (int)CaseKey.Kind : 0);
    }

    private void DrawOrder()
    {
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i == 0 ? Version : i - 1;
        }

        for (var i = random.Chance(500) ? order.Length - 1 : 0; i > 0; i--)
        {
            var j = (int)random.Below(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }
    }

    private void AddMember(int slot, in CasePicture picture, ref bool first)
    {
        Separate(ref first);
        AddText(Names[slot]);
        Space();
        line.Add((byte)':');
        Space();
        if (slot == Version)
        {
            line.Add((byte)'1');
        }
        else if (BitOperations.IsPow2((1u << slot) & ~Always) && random.Chance(4))
        {
            line.Add("null"u8);
        }
        else
        {
            AddValue((CaseKey)slot, picture);
        }
    }

    private void AddUnknown(ref bool first)
    {
        if (!random.Chance(100))
        {
            return;
        }

        Separate(ref first);
        line.Add(random.Below(3) switch
        {
            0 => "\"note\":\"h\\u1ed3 s\\u01a1 \\\"\\/\\\\\\n\\ud83d\\ude00\""u8,
            1 => "\"\":{\"case\":[1,-0.5e3,null,{\"at\":\"\\ud800\"}]}"u8,
            _ => "\"Status\":false,\"trạng thái\":[[],{}]"u8,
        });
    }

    private void AddValue(CaseKey key, in CasePicture picture)
    {
        switch (key)
        {
            case CaseKey.Source:
                AddText(units.Sources[picture.Number.Unit]);
                break;
            case CaseKey.Case:
                AddCode(picture.Number);
                break;
            case CaseKey.Parent:
                AddCode(picture.Parent);
                break;
            case CaseKey.Seq:
                line.AddInteger(picture.Seq);
                break;
            case CaseKey.Status:
                line.AddInteger((int)picture.Status);
                break;
            case CaseKey.Fee:
                line.AddInteger(picture.Fee);
                break;
            case CaseKey.At or CaseKey.Filed or CaseKey.Accepted or CaseKey.Due or CaseKey.Ended:
                line.AddInstant(InstantOf(key, picture), isOdd ? Offsets[random.Below(Offsets.Length)] : Offsets[0]);
                break;
            default:
                AddWordOrBool(key, picture);
                break;
        }
    }

    private static long InstantOf(CaseKey key, in CasePicture picture) => key switch
    {
        CaseKey.At => picture.At,
        CaseKey.Filed => picture.Filed,
        CaseKey.Accepted => picture.Accepted,
        CaseKey.Due => picture.Due,
        _ => picture.Ended,
    };

    private void AddWordOrBool(CaseKey key, in CasePicture picture)
    {
        if (WordOf(key, picture) is { } word)
        {
            AddText(word);
        }
        else
        {
            line.AddBool(key switch
            {
                CaseKey.Waived => picture.Waived,
                CaseKey.Signed => picture.Signed,
                CaseKey.Digitised => picture.Digitised,
                CaseKey.Reused => picture.Reused,
                CaseKey.VNeId => picture.VNeId,
                CaseKey.Synced => picture.Synced,
                CaseKey.ComponentsSigned => picture.ComponentsSigned,
                CaseKey.ResultDigitised => picture.ResultDigitised,
                CaseKey.Stored => picture.Stored,
                CaseKey.ResultSynced => picture.ResultSynced,
                _ => picture.Satisfied == true,
            });
        }
    }

    private byte[]? WordOf(CaseKey key, in CasePicture picture) => key switch
    {
        CaseKey.Kind => CaseWords.Kinds[(int)picture.Kind],
        CaseKey.Procedure => CaseWords.Procedures[picture.Procedure],
        CaseKey.Field => CaseWords.Fields[picture.Procedure],
        CaseKey.Receiving => units.Codes[picture.Receiving],
        CaseKey.Handling => units.Codes[picture.Handling],
        CaseKey.Channel => CaseWords.Channels[(int)picture.Channel],
        CaseKey.PaidVia => CaseWords.PaidVia[(int)picture.PaidVia],
        CaseKey.Result => CaseWords.Results[(int)picture.Result],
        CaseKey.Returned => CaseWords.Returned[(int)picture.Returned],
        CaseKey.Presence => CaseWords.Presences[(int)picture.Presence],
        _ => null,
    };

    private void AddCode(CaseNumber number)
    {
        text.Clear();
        CaseCode.Write(text, units, number);
        AddText(text.Written);
    }

    /// <summary>A string; on odd lines some of its characters as escapes.</summary>
    private void AddText(ReadOnlySpan<byte> plain)
    {
        line.Add((byte)'"');
        if (!isOdd || random.Chance(700))
        {
            line.Add(plain);
        }
        else
        {
            foreach (var character in plain)
            {
                AddMaybeEscaped(character);
            }
        }

        line.Add((byte)'"');
    }

    private void AddMaybeEscaped(byte character)
    {
        if (random.Chance(200))
        {
            line.Add("\\u00"u8);
            line.Add("0123456789abcdef"u8[character >> 4]);
            line.Add("0123456789ABCDEF"u8[character & 15]);
        }
        else
        {
            line.Add(character);
        }
    }

    private void Separate(ref bool first)
    {
        if (!first)
        {
            line.Add((byte)',');
        }

        first = false;
        Space();
    }

    private void Space()
    {
        if (isOdd && random.Chance(300))
        {
            line.Add(" \t\r "u8[..(int)random.Between(1, 4)]);
        }
    }
}
