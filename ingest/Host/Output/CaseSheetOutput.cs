namespace KpiStream.Ingest.Host.Output;

/// <summary>Prints a case's sheet on standard output, for people or as JSON.</summary>
internal sealed class CaseSheetOutput(bool asJson)
{
    private static readonly JsonSerializerOptions Format = Indented();

    public void Print(CaseSheet sheet) => Terminal.Result(asJson ? JsonSerializer.Serialize(sheet, Format) : TextOf(sheet));

    internal static string TextOf(CaseSheet sheet)
    {
        var text = new StringBuilder();
        text.AppendLine($"pseudonym    {sheet.Case}");
        text.AppendLine($"now          {sheet.Now}");
        text.AppendLine($"handling     {UnitText(sheet.Handling)}");
        text.AppendLine($"receiving    {UnitText(sheet.Receiving)}");
        text.AppendLine().AppendLine("stated       value                                at (seq)");
        foreach (var register in sheet.Registers)
        {
            text.AppendLine($"  {register.Key,-10} {register.Value ?? "(cleared)",-36} {register.At} ({register.Seq})"
                + $"{(register.Name is { } name ? $"  {name}" : "")}");
        }

        text.AppendLine().AppendLine("derived");
        foreach (var (name, time) in sheet.Times)
        {
            text.AppendLine($"  {name,-14} {time}");
        }

        text.AppendLine($"  conditions     {string.Join(", ", sheet.Conditions)}");
        foreach (var day in sheet.ExpectedDays ?? [])
        {
            text.AppendLine($"  calendar       {day.Date:yyyy-MM-dd} is only expected to be {(day.IsWorked ? "worked" : "closed")} ({day.Name}); "
                + "same_day rests on it");
        }

        text.AppendLine().Append("figures");
        foreach (var figure in sheet.Figures)
        {
            text.AppendLine().Append($"  {Mark(figure)} {figure.Kpi,-18} {figure.NameVi}: {Judgement(figure)}");
        }

        return text.ToString();
    }

    private static string UnitText(CaseSheetUnit unit) =>
        $"{unit.Today} {unit.Name ?? "(in no directory)"}{(unit.Stated == unit.Today ? "" : $", stated as {unit.Stated}")}";

    private static string Mark(CaseSheetFigure figure) => figure switch
    {
        { Denominator: false } => "-",
        { Numerator: false } => "0",
        { Numerator: null, Unknown.Count: > 0 } => "?",
        _ => "1",
    };

    private static string Judgement(CaseSheetFigure figure) => figure switch
    {
        { Denominator: false } => $"does not count ({string.Join("; ", figure.Outside)})",
        { Numerator: null, Unknown.Count: > 0 } =>
            $"counts in the denominator of {figure.Unit} at {figure.At}, never stated: {string.Join(", ", figure.Unknown)}",
        { Numerator: null } => $"counts in {figure.Unit} at {figure.At}",
        { Numerator: true } => $"counts in numerator and denominator of {figure.Unit} at {figure.At}",
        _ => $"counts in the denominator of {figure.Unit} at {figure.At}, lacks {string.Join(", ", figure.Missing)}",
    };

    private static JsonSerializerOptions Indented()
    {
        var options = new JsonSerializerOptions { WriteIndented = true };
        ApiJson.Configure(options);
        return options;
    }
}
