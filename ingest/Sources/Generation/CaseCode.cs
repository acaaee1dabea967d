namespace KpiStream.Ingest.Sources.Generation;

/// <summary>Writes case codes like <c>H31.12850-250715-0001</c>: identifier of the handling office, local day of reception, serial of that day.</summary>
internal static class CaseCode
{
    private const int SerialDigits = 4;
    private const int MostOfFourDigits = 9999;

    public static void Write(LineBuffer line, UnitLoad units, CaseNumber number)
    {
        line.Add(units.Prefixes[number.Unit]);
        var date = LocalTime.DateOf(number.Day);
        line.AddPadded((((date.Year % 100) * 100) + date.Month) * 100 + date.Day, 6);
        line.Add((byte)'-');
        if (number.Serial <= MostOfFourDigits)
        {
            line.AddPadded(number.Serial, SerialDigits);
        }
        else
        {
            line.AddInteger(number.Serial);
        }
    }
}
