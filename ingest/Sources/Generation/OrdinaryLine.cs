namespace KpiStream.Ingest.Sources.Generation;

/// <summary>Writes full pictures: the same keys in the same order, no white space, as the side-by-side workload has them, and behind them what it does
/// not ask for. Only what the source of a case never states is left out.</summary>
internal static class OrdinaryLine
{
    public static void Write(LineBuffer line, UnitLoad units, in CasePicture picture)
    {
        line.AddWord("{\"v\":1,\"source\":"u8, units.Sources[picture.Number.Unit]);
        WriteCode(line, ",\"case\":\""u8, units, picture.Number);
        line.AddInstant(",\"at\":"u8, picture.At);
        line.AddInteger(",\"seq\":"u8, picture.Seq);
        line.AddInteger(",\"status\":"u8, (int)picture.Status);
        line.AddWord(",\"procedure\":"u8, CaseWords.Procedures[picture.Procedure]);
        line.AddWord(",\"field\":"u8, CaseWords.Fields[picture.Procedure]);
        line.AddWord(",\"receiving\":"u8, units.Codes[picture.Receiving]);
        line.AddWord(",\"handling\":"u8, units.Codes[picture.Handling]);
        line.AddWord(",\"channel\":"u8, CaseWords.Channels[(int)picture.Channel]);
        line.AddInstant(",\"filed\":"u8, picture.Filed);
        line.AddInstant(",\"accepted\":"u8, picture.Accepted);
        if (picture.States(CaseKey.Due))
        {
            line.AddInstant(",\"due\":"u8, picture.Due);
        }

        line.AddInstant(",\"ended\":"u8, picture.Ended);
        WriteOutcome(line, picture);
        WritePapers(line, picture);
        line.Add((byte)'}');
    }

    private static void WriteOutcome(LineBuffer line, in CasePicture picture)
    {
        line.AddInteger(",\"fee\":"u8, picture.Fee);
        line.AddBool(",\"waived\":"u8, picture.Waived);
        line.AddWord(",\"paid_via\":"u8, CaseWords.PaidVia[(int)picture.PaidVia]);
        line.AddWord(",\"result\":"u8, CaseWords.Results[(int)picture.Result]);
        line.AddBool(",\"signed\":"u8, picture.Signed);
        line.AddWord(",\"returned\":"u8, CaseWords.Returned[(int)picture.Returned]);
        if (picture.States(CaseKey.Presence))
        {
            line.AddWord(",\"presence\":"u8, CaseWords.Presences[(int)picture.Presence]);
        }
    }

    private static void WritePapers(LineBuffer line, in CasePicture picture)
    {
        line.AddBool(",\"digitised\":"u8, picture.Digitised);
        line.AddBool(",\"reused\":"u8, picture.Reused);
        line.AddBool(",\"vneid\":"u8, picture.VNeId);
        line.AddBool(",\"synced\":"u8, picture.Synced);
        line.AddBool(",\"components_signed\":"u8, picture.ComponentsSigned);
        if (picture.States(CaseKey.ResultDigitised))
        {
            line.AddBool(",\"result_digitised\":"u8, picture.ResultDigitised);
        }

        line.AddBool(",\"stored\":"u8, picture.Stored);
        if (picture.States(CaseKey.ResultSynced))
        {
            line.AddBool(",\"result_synced\":"u8, picture.ResultSynced);
        }
    }

    /// <summary>Continues in a line whose closing brace was cut off, with the keys that full pictures only have outside the ordinary profile.</summary>
    public static void WriteRest(LineBuffer line, UnitLoad units, in CasePicture picture)
    {
        line.AddWord(",\"kind\":"u8, CaseWords.Kinds[(int)picture.Kind]);
        if (picture.Satisfied is { } satisfied)
        {
            line.AddBool(",\"satisfied\":"u8, satisfied);
        }

        if (picture.Parent != default)
        {
            WriteCode(line, ",\"parent\":\""u8, units, picture.Parent);
        }

        line.Add((byte)'}');
    }

    private static void WriteCode(LineBuffer line, ReadOnlySpan<byte> before, UnitLoad units, CaseNumber number)
    {
        line.Add(before);
        CaseCode.Write(line, units, number);
        line.Add((byte)'"');
    }
}
