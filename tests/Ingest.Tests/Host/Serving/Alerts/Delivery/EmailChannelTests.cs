using KpiStream.Ingest.Host.Serving.Alerts.Delivery;
using MimeKit;

namespace KpiStream.Ingest.Tests.Host.Serving.Alerts.Delivery;

/// <summary>Against a real mail server.</summary>
public sealed class EmailChannelTests
{
    private const string Variable = "KPISTREAM_TEST_MAIL_PASSWORD";

    [Theory]
    [InlineData("starttls")]
    [InlineData("tls")]
    public async Task AMessage_ArrivesEncryptedAndSignedIn_AsTextAndHtml_AndARepeatIsTheSameMail(string mode)
    {
        await using var server = await SmtpServer.StartOrSkipAsync(mode);
        using var channel = Open(server, mode, ["truc@example.vn", "lanh-dao@example.vn"]);
        Assert.Equal(SendOutcome.Taken, (await channel.ProbeAsync(CancellationToken.None)).Outcome);
        var message = Samples.Message("ratio:fully_online", 7);
        message = message with { Vi = message.Vi with { Facts = [new("Đơn vị", "phường <b>Phố Hiến</b> & xã")] } };
        Assert.Equal(SendResult.Taken, await channel.SendAsync([new Outbound(message)], CancellationToken.None));
        Assert.Equal(SendResult.Taken, await channel.SendAsync([new Outbound(message)], CancellationToken.None));
        var (got, repeat) = (await server.NextAsync(), Mail(await server.NextAsync()));

        Assert.True((bool)got["tls"]!);
        Assert.Equal(["truc@example.vn", "lanh-dao@example.vn"], got["to"]!.AsArray().Select(static to => (string)to!));
        var mail = Mail(got);
        Assert.Equal("[BÁO ĐỘNG] phường Phố Hiến", mail.Subject);
        Assert.Contains("Đơn vị: phường <b>Phố Hiến</b> & xã", mail.TextBody);
        Assert.Contains("Xem chi tiết trên bảng: https://kpi.example.vn/board?screen=why&unit=11953", mail.TextBody);
        Assert.Contains("phường &lt;b&gt;Phố Hiến&lt;/b&gt; &amp; xã", mail.HtmlBody);
        Assert.Equal(("auto-generated", MessageImportance.High), (mail.Headers["Auto-Submitted"], mail.Importance));
        Assert.Equal((mail.MessageId, mail.References[0]), (repeat.MessageId, repeat.References[0]));
        Assert.EndsWith(".7@example.vn", mail.MessageId);
    }

    [Fact]
    public async Task WhatTheServerRefuses_IsToldApart()
    {
        await using var server = await SmtpServer.StartOrSkipAsync("starttls");
        Assert.Equal((SendOutcome.Rejected, "smtp_550"), await TryAsync(Open(server, "starttls", ["nobody@example.vn"])));
        using (var later = Open(server, "starttls", ["later@example.vn"]))
        {
            Assert.Equal(SendOutcome.Broken, (await later.SendAsync([new Outbound(Samples.Message("a"))], CancellationToken.None)).Outcome);
            Assert.Equal(SendOutcome.Taken, (await later.SendAsync([new Outbound(Samples.Message("a"))], CancellationToken.None)).Outcome);
        }

        // The one address that was mistyped does not keep it from the others, and that is said.
        using (var partly = Open(server, "starttls", ["nobody@example.vn", "truc@example.vn"]))
        {
            var result = await partly.SendAsync([new Outbound(Samples.Message("a"))], CancellationToken.None);
            Assert.Equal((SendOutcome.Taken, "some of its receivers are refused (SMTP 550)"), (result.Outcome, result.Problem));
        }

        Assert.Equal(SendOutcome.Misconfigured, (await TryAsync(Open(server, "starttls", ["truc@example.vn"], password: "wrong"))).Outcome);
    }

    /// <summary>Nothing is said to a server whose certificate nobody vouches for, or of another name, or that offers no encryption.</summary>
    [Fact]
    public async Task AServerThatCannotBeTrusted_GetsNothing()
    {
        await using var server = await SmtpServer.StartOrSkipAsync("starttls");
        await using var clear = await SmtpServer.StartOrSkipAsync("clear");
        foreach (var channel in new[]
        {
            Open(server, "starttls", ["truc@example.vn"], trusts: false), Open(server, "starttls", ["truc@example.vn"], host: "127.0.0.1"),
            Open(server, "tls", ["truc@example.vn"]), Open(clear, "starttls", ["truc@example.vn"]),
        })
        {
            Assert.Equal(SendOutcome.Misconfigured, (await TryAsync(channel)).Outcome);
        }
    }

    private static async Task<(SendOutcome Outcome, string Reason)> TryAsync(IAlertChannel channel)
    {
        using (channel)
        {
            var result = await channel.SendAsync([new Outbound(Samples.Message("a"))], CancellationToken.None);
            return (result.Outcome, result.Reason);
        }
    }

    private static IAlertChannel Open(
        SmtpServer server, string mode, string[] to, string password = "mat-khau", bool trusts = true, string host = "localhost")
    {
        Environment.SetEnvironmentVariable(Variable, password);
        return Samples.Open(new ChannelSettings
        {
            Name = "mail",
            Type = ChannelType.Email,
            Email = new EmailSettings(host, server.Port, mode == "tls", "kpi@example.vn", to, "kpi"),
            Secret = new SecretSource { Variable = Variable },
            AuthorityFile = trusts ? server.AuthorityFile : null,
        });
    }

    private static MimeMessage Mail(JsonNode got) => MimeMessage.Load(new MemoryStream(System.Text.Encoding.UTF8.GetBytes((string)got["mail"]!)));
}
