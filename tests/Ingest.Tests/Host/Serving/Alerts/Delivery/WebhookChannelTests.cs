using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using KpiStream.Ingest.Host.Serving.Alerts.Delivery;

namespace KpiStream.Ingest.Tests.Host.Serving.Alerts.Delivery;

public sealed class WebhookChannelTests
{
    private const string Secret = "0123456789abcdef0123456789abcdef";

    [Fact]
    public async Task AMessage_IsSignedOverTimeAndBody_ByEachSecret()
    {
        using var folder = new TemporaryFolder();
        await using var receiver = await HttpReceiver.StartAsync(static _ => 204);
        using var channel = Samples.Open(Samples.Webhook(receiver.Url) with
        {
            Secret = Secrets(folder, Secret, "fedcba9876543210fedcba9876543210"),
            Header = new SecretSource { Inline = "Authorization: Bearer abc" },
        });
        Assert.Equal(SendOutcome.Taken, (await channel.SendAsync([new Outbound(Samples.Message("ratio:fully_online"))], CancellationToken.None)).Outcome);
        var got = await receiver.NextAsync();

        var moment = got.Header("KpiStream-Timestamp");
        Assert.InRange(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - long.Parse(moment), 0, 60);
        var expected = Convert.ToHexStringLower(HMACSHA256.HashData(Bytes(Secret), Bytes($"{moment}.{got.Body}")));
        var signatures = got.Header("KpiStream-Signature").Split(", ");
        Assert.Equal((2, $"v1={expected}"), (signatures.Length, signatures[0]));
        Assert.Equal(("ratio:fully_online", "1", "Bearer abc", "application/json; charset=utf-8"),
            (got.Header("KpiStream-Key"), got.Header("KpiStream-Number"), got.Header("Authorization"), got.Header("Content-Type")));
    }

    /// <summary>The receiver that the README shows is the one tried here, by a program of another language.</summary>
    [Fact]
    public async Task TheReceiverOfTheReadme_TakesWhatIsSigned_AndRefusesWhatIsNot()
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Path, "ingest/Host/Serving/Alerts/README.md"));
        var example = Regex.Match(readme, "```python\n(?<code>.*?)```", RegexOptions.Singleline, TimeSpan.FromSeconds(1)).Groups["code"].Value;
        await using var receiver = await HttpReceiver.StartAsync(static _ => 204);
        using var folder = new TemporaryFolder();
        using var channel = Samples.Open(Samples.Webhook(receiver.Url) with { Secret = Secrets(folder, Secret) });
        await channel.SendAsync([new Outbound(Samples.Message("a"))], CancellationToken.None);
        var got = await receiver.NextAsync();
        await File.WriteAllTextAsync(folder.File("body"), got.Body);
        await File.WriteAllTextAsync(folder.File("try.py"), $"""
            {example}
            import sys
            body = open("body", "rb").read()
            now, sent = int(sys.argv[1]), sys.argv[2]
            print(is_genuine("{Secret}", sent, sys.argv[3], body, now), is_genuine("{Secret}", sent, sys.argv[3], body + b" ", now),
                  is_genuine("another secret", sent, sys.argv[3], body, now), is_genuine("{Secret}", sent, sys.argv[3], body, now + 301),
                  is_genuine("{Secret}", str(int(sent) + 1), sys.argv[3], body, now))
            """);
        var moment = got.Header("KpiStream-Timestamp");
        using var python = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["try.py", moment, moment, got.Header("KpiStream-Signature")])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        Assert.Equal("True False False False False\n", await python.StandardOutput.ReadToEndAsync());
    }

    /// <summary>Whoever reads the first form, of one alert, reads this one.</summary>
    [Fact]
    public void TheBody_HasAllKeysOfTheFirstForm()
    {
        var body = JsonNode.Parse(WebhookBody.Of(Samples.Message("ratio:fully_online", 3, DeliveryState.Resolved), MessageLanguage.Vi))!.AsObject();
        Assert.Equal(
            ["id", "text", "state", "previous", "at", "severity", "rule", "figure", "figure_name", "period", "unit", "unit_name", "denominator", "numerator",
                "threshold",
                "pending_since", "firing_since", "resolved_at"], body.Select(static key => key.Key).Take(18));
        Assert.Equal(("resolved", "firing", "warning", 25, 5, 0.7), ((string)body["state"]!, (string)body["previous"]!, (string)body["severity"]!,
            (int)body["denominator"]!, (int)body["numerator"]!, (double)body["threshold"]!));
        Assert.Equal(("2025-07-15T08:30:00.000+07:00", "2025-07-15T08:30:00.003+07:00"), ((string)body["firing_since"]!, (string)body["resolved_at"]!));
        Assert.Equal(("alarm", "ratio", 3), ((string)body["grade"]!, (string)body["kind"]!, (int)body["number"]!));
        Assert.StartsWith("BÁO ĐỘNG: phường Phố Hiến", (string)body["text"]!);
    }

    /// <summary>Receivers may have come to rest on every byte: order, names and how instants and letters are written.</summary>
    [Theory]
    [InlineData(DeliveryState.Firing)]
    [InlineData(DeliveryState.Resolved)]
    public void TheBody_IsByteForByteWhatItWas(DeliveryState state)
    {
        var path = Path.Combine(RepositoryRoot.Path, $"tests/Ingest.Tests/Host/Serving/Alerts/Delivery/webhook-{state}.json");
        Assert.Equal(File.ReadAllText(path).TrimEnd('\n'), System.Text.Encoding.UTF8.GetString(
            WebhookBody.Of(Samples.Message("ratio:fully_online", 3, state), MessageLanguage.Vi)));
    }

    private static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    private static SecretSource Secrets(TemporaryFolder folder, params string[] lines)
    {
        var path = folder.File("hook.secret");
        File.WriteAllLines(path, lines);
        OwnFile.Allow(path);
        return new SecretSource { File = path };
    }
}
