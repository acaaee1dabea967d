using KpiStream.Ingest.Host.Serving.Alerts.Delivery;
using Polly;
using Polly.Timeout;

namespace KpiStream.Ingest.Host.Doctor;

/// <summary>The receivers of alerts: each name resolves, can be reached and answers. No message is sent unless a test message was asked for.</summary>
internal static class ChannelCheck
{
    /// <summary>The option that asks for a test message.</summary>
    public const string TestOption = "--send-test-alert";

    /// <summary>Looks at a channel.</summary>
    /// <param name="loaded">The settings it is in.</param>
    /// <param name="channel">Which.</param>
    /// <param name="sendsTest">True to send a test message.</param>
    public static async Task<Finding> LookAsync(
        LoadedSettings loaded, ChannelSettings channel, bool sendsTest, TimeProvider time, CancellationToken stop)
    {
        var problems = new List<ConfigProblem>();
        using var opened = AlertChannels.Open(channel, loaded.Settings.Alerts, time, problems);
        if (opened is null)
        {
            return Finding.Problem($"channel {channel.Name}", string.Join(' ', problems), ExitCode.Configuration);
        }

        var (outcome, text) = await TryAsync(loaded, opened, sendsTest, time, stop);
        return Of(channel, outcome, text, sendsTest);
    }

    /// <summary>Tries a channel with a message about nothing, or asks whether it is there.</summary>
    private static async Task<(SendOutcome Outcome, string Text)> TryAsync(
        LoadedSettings loaded, IAlertChannel channel, bool sendsTest, TimeProvider time, CancellationToken stop)
    {
        var limit = DeliveryPolicy.Default.Timeout;
        var patience = new ResiliencePipelineBuilder { TimeProvider = time }.AddTimeout(limit).Build();
        try
        {
            return await patience.ExecuteAsync(async token =>
            {
                if (!sendsTest)
                {
                    var probe = await channel.ProbeAsync(token);
                    return (probe.Outcome, probe.Text);
                }

                var writer = new NotificationWriter(loaded.Rulebook, loaded.Units, loaded.Settings.Http.Reached);
                var result = await channel.SendAsync([new Outbound(writer.Test(time.GetUtcNow().ToUnixTimeMilliseconds()))], token);
                return (result.Outcome, result.Problem);
            }, stop);
        }
        catch (TimeoutRejectedException)
        {
            return (SendOutcome.Broken, $"it does not answer within {limit.TotalSeconds:0} s");
        }
    }

    private static Finding Of(ChannelSettings channel, SendOutcome outcome, string text, bool sendsTest)
    {
        var check = $"channel {channel.Name}";
        return (outcome, sendsTest) switch
        {
            (SendOutcome.Taken, true) => Finding.Ok(check, $"{channel} took a test message{(text.Length > 0 ? $", but {text}" : "")}"),
            (SendOutcome.Taken, false) => Finding.Ok(check, $"{channel} {text}; whether it takes messages is tried by {TestOption}"),
            (SendOutcome.Misconfigured, false) when text.StartsWith("answers") => Finding.Warning(check, $"{channel} {text}, or try it with {TestOption}."),
            (_, true) => Finding.Problem(
                check, $"{channel} does not take messages ({text} to a test message): check alerts in the settings and the receiver.", ExitCode.Unavailable),
            _ => Finding.Problem(
                check, $"alerts do not reach {channel}: {text}. Check alerts in the settings, the network and the receiver.", ExitCode.Unavailable),
        };
    }
}
