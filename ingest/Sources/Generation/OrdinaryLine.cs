namespace KpiStream.Ingest.Sources.Generation;

/// <summary>Writes full pictures: the same keys in the same order, no white space, as the side-by-side workload has them, and behind them what it does
/// not ask for. Only what the source of a case never states is left out.</summary>
internal static class OrdinaryLine
{
    public static void Write(LineBuffer line, UnitLoad units, in CasePicture picture)
    {
        line.Add("{\"v\":1,\"source\":\""u8);
        line.Add(units.Sources[picture.Number.Unit]);
        line.Add("\",\"case\":\""u8);
        CaseCode.Write(line, units, picture.Number);
        line.Add("\",\"at\":"u8);
        line.AddInstant(picture.At);
        line.Add(",\"seq\":"u8);
        line.AddInteger(picture.Seq);
        line.Add(",\"status\":"u8);
        line.AddInteger((int)picture.Status);
        WritePlace(line, units, picture);
        WriteTimes(line, picture);
        WriteOutcome(line, picture);
    }

    private static void WritePlace(LineBuffer line, UnitLoad units, in CasePicture picture)
    {
        line.Add(",\"procedure\":\""u8);
        line.Add(CaseWords.Procedures[picture.Procedure]);
        line.Add("\",\"field\":\""u8);
        line.Add(CaseWords.Fields[picture.Procedure]);
        line.Add("\",\"receiving\":\""u8);
        line.Add(units.Codes[picture.Receiving]);
        line.Add("\",\"handling\":\""u8);
        line.Add(units.Codes[picture.Handling]);
        line.Add("\",\"channel\":\""u8);
        line.Add(CaseWords.Channels[(int)picture.Channel]);
    }

    private static void WriteTimes(LineBuffer line, in CasePicture picture)
    {
        line.Add("\",\"filed\":"u8);
        line.AddInstant(picture.Filed);
        line.Add(",\"accepted\":"u8);
        line.AddInstant(picture.Accepted);
        if (picture.States(CaseKey.Due))
        {
            line.Add(",\"due\":"u8);
            line.AddInstant(picture.Due);
        }

        line.Add(",\"ended\":"u8);
        line.AddInstant(picture.Ended);
    }

    private static void WriteOutcome(LineBuffer line, in CasePicture picture)
    {
        line.Add(",\"fee\":"u8);
        line.AddInteger(picture.Fee);
        line.Add(",\"waived\":"u8);
        line.AddBool(picture.Waived);
        line.Add(",\"paid_via\":\""u8);
        line.Add(CaseWords.PaidVia[(int)picture.PaidVia]);
        line.Add("\",\"result\":\""u8);
        line.Add(CaseWords.Results[(int)picture.Result]);
        line.Add("\",\"signed\":"u8);
        line.AddBool(picture.Signed);
        line.Add(",\"returned\":\""u8);
        line.Add(CaseWords.Returned[(int)picture.Returned]);
        line.Add((byte)'"');
        if (picture.States(CaseKey.Presence))
        {
            line.Add(",\"presence\":\""u8);
            line.Add(CaseWords.Presences[(int)picture.Presence]);
            line.Add((byte)'"');
        }

        WritePapers(line, picture);
    }

    private static void WritePapers(LineBuffer line, in CasePicture picture)
    {
        line.Add(",\"digitised\":"u8);
        line.AddBool(picture.Digitised);
        line.Add(",\"reused\":"u8);
        line.AddBool(picture.Reused);
        line.Add(",\"vneid\":"u8);
        line.AddBool(picture.VNeId);
        line.Add(",\"synced\":"u8);
        line.AddBool(picture.Synced);
        line.Add(",\"components_signed\":"u8);
        line.AddBool(picture.ComponentsSigned);
        if (picture.States(CaseKey.ResultDigitised))
        {
            line.Add(",\"result_digitised\":"u8);
            line.AddBool(picture.ResultDigitised);
        }

        line.Add(",\"stored\":"u8);
        line.AddBool(picture.Stored);
        if (picture.States(CaseKey.ResultSynced))
        {
            line.Add(",\"result_synced\":"u8);
            line.AddBool(picture.ResultSynced);
        }

        line.Add((byte)'}');
    }

    /// <summary>Continues in a line whose closing brace was cut off, with the keys that full pictures only have outside the ordinary profile.</summary>
    public static void WriteRest(LineBuffer line, UnitLoad units, in CasePicture picture)
    {
        line.Add(",\"kind\":\""u8);
        line.Add(CaseWords.Kinds[(int)picture.Kind]);
        line.Add((byte)'"');
        if (picture.Satisfied is { } satisfied)
        {
            line.Add(",\"satisfied\":"u8);
            line.AddBool(satisfied);
        }

        if (picture.Parent != default)
        {
            line.Add(",\"parent\":\""u8);
            CaseCode.Write(line, units, picture.Parent);
            line.Add((byte)'"');
        }

        line.Add((byte)'}');
    }
}
