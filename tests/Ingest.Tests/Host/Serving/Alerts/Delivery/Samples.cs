using KpiStream.Engine.Alerts;
using KpiStream.Ingest.Host.Serving.Alerts.Delivery;

namespace KpiStream.Ingest.Tests.Host.Serving.Alerts.Delivery;

/// <summary>Messages to be delivered.</summary>
internal static class Samples
{
    /// <summary>15 July 2025, 08:30 in Viet Nam.</summary>
    public const long Morning = 1_752_543_000_000;

    public static DeliveryMessage Message(
        string key, long number = 1, DeliveryState state = DeliveryState.Firing, AlertGrade grade = AlertGrade.Alarm, AlertKind kind = AlertKind.Ratio)
    {
        var vi = new MessageText("[BÁO ĐỘNG] phường Phố Hiến", $"BÁO ĐỘNG: phường Phố Hiến ({key})",
            [new("Đơn vị", "phường Phố Hiến")], [], ["Mở bảng."]);
        var en = new MessageText("[ALARM] phường Phố Hiến", $"ALARM: phường Phố Hiến ({key})", [new("Unit", "phường Phố Hiến")], [],
            ["Open the board."]);
        return new DeliveryMessage
        {
            Key = key,
            Number = number,
            State = state,
            Grade = grade,
            Kind = kind,
            Cause = key,
            At = Morning + number,
            Since = Morning,
            EndedAt = state == DeliveryState.Resolved ? Morning + number : null,
            Count = 1,
            Alerts =
            [
                new DeliveredAlert
                {
                    Id = "0011223344556677",
                    Rule = "ratio:fully_online:30d",
                    Figure = "fully_online",
                    FigureName = "Tỷ lệ hồ sơ trực tuyến toàn trình",
                    Period = "30d",
                    Unit = "11953",
                    UnitName = "phường Phố Hiến",
                    State = state,
                    Grade = grade,
                    PendingSince = Morning - 600_000,
                    Since = Morning,
                    Denominator = 25,
                    Numerator = 5,
                    Threshold = 0.7,
                    FindingVi = "5/25 hồ sơ",
                    FindingEn = "5 of 25 cases",
                },
            ],
            Vi = vi,
            En = en,
            Link = "https://kpi.example.vn/board?screen=why&unit=11953",
        };
    }

    public static ChannelSettings Webhook(Uri url, string name = "hook") => new() { Name = name, Type = ChannelType.Webhook, Url = url };

    public static AlertSettings Local { get; } = new() { PrivateHosts = ["127.0.0.1", "localhost"] };

    /// <summary>The channel that settings describe, allowed to reach this machine.</summary>
    public static IAlertChannel Open(ChannelSettings channel, TimeProvider? time = null)
    {
        var problems = new List<ConfigProblem>();
        return AlertChannels.Open(channel, Local, time ?? TimeProvider.System, problems) ?? throw new InvalidOperationException(string.Join('\n', problems));
    }
}
