namespace KpiStream.Ingest.Host.Serving.Alerts;

/// <summary>By what alerts are judged, for the board.</summary>
/// <param name="Rules">The rules in force; null where none are said.</param>
/// <param name="Calendar">The calendars in force, likewise.</param>
/// <param name="Notes">What a reader must know of them, in Vietnamese.</param>
internal sealed record AlertBasis(string? Rules, string? Calendar, IReadOnlyList<string> Notes)
{
    public static readonly AlertBasis Unsaid = new(null, null, []);

    /// <summary>Days that are only expected are said a week ahead: promised dates and certified copies rest on them by then.</summary>
    private const int DaysAhead = 7;

    /// <param name="now">Milliseconds since 1970 UTC.</param>
    public static AlertBasis Of(RulesInForce rules, CalendarsInForce calendars, CommonCalendarInForce common, long now)
    {
        var today = LocalTime.DayOf(now);
        var notes = new List<string>();
        if (rules.Mistake is { } inRules)
        {
            notes.Add($"tệp quy tắc cảnh báo mới có lỗi, vẫn dùng bản trước ({Brief(inRules)})");
        }

        if (calendars.Mistake is { } inCalendars)
        {
            notes.Add($"tệp lịch làm việc của đơn vị mới có lỗi, vẫn dùng bản trước ({Brief(inCalendars)})");
        }

        if (common.Mistake is { } inCommon)
        {
            notes.Add(common.IsWaiting ? "tệp lịch làm việc chung đã thay đổi, có hiệu lực sau khi khởi động lại máy chủ"
                : $"tệp lịch làm việc chung mới có lỗi, vẫn dùng bản trước ({Brief(inCommon)})");
        }

        if (calendars.Current.Common.ExpectedWithin(today, today + DaysAhead) is { Count: > 0 } days)
        {
            notes.Add($"{ExpectedDays.InVietnamese(days)}; chưa có thông báo chính thức");
        }

        return new AlertBasis($"{rules.Current}", calendars.Current.FullVersion, notes);
    }

    /// <summary>Without the file, whose place does not concern who looks at a wallboard.</summary>
    private static string Brief(ConfigProblem mistake) =>
        $"{(mistake.Line > 0 ? $"dòng {mistake.Line}, " : "")}{(mistake.Key.Length > 0 ? $"{mistake.Key}: " : "")}{mistake.Message}";
}
