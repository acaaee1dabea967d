using System.Collections.Concurrent;

namespace KpiStream.Ingest.Tests.Kafka;

[Collection(OneBroker.OfSources)]
[Trait("Category", "Kafka")]
public class KafkaErrorTests(OneBroker fixture, ITestOutputHelper output)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task NobodyThere_IsUnavailableAfterTheSetTimeAndLogsToTheCallback()
    {
        var log = new ConcurrentQueue<string>();
        var began = TimeProvider.System.GetTimestamp();
        var end = await EndOf(new KafkaConnection("127.0.0.1:1", "cases"), options => options with { GiveUpAfter = Soon, Log = log.Enqueue });

        AssertUnavailable(end, "Kafka at 127.0.0.1:1 cannot be reached for the topic 'cases'", "Connection refused", "check that the brokers run");
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.FromSeconds(1), Reading.Limit / 2);
        Assert.NotEmpty(log);
    }

    [Fact]
    public async Task HostDoesNotExist_SaysSo()
    {
        var end = await EndOf(new KafkaConnection("no-such-host.invalid:9092", "cases"), static options => options with { GiveUpAfter = Soon });

        AssertUnavailable(end, "no-such-host.invalid:9092", "resolve");
    }

    [Fact]
    [Fault("something else listens", "at the broker's port somebody listens who never answers", "given up in the time set")]
    public async Task SomethingElseListens_IsUnavailableAfterTheSetTime()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var bootstrap = listener.LocalEndpoint.ToString()!;
        var end = await EndOf(new KafkaConnection(bootstrap, "cases"), static options => options with { GiveUpAfter = Soon });

        AssertUnavailable(end, bootstrap);
    }

    [Fact]
    public async Task UnknownProperty_IsNamedAtOnce()
    {
        var end = await EndOf(new KafkaConnection("127.0.0.1:1", "cases").With(("no.such.property", "1")));

        AssertUnavailable(end, "no.such.property", "correct or remove");
    }

    [Theory]
    [InlineData("fetch.max.bytes", "many")]
    [InlineData("security.protocol", "secret")]
    [InlineData("client.rack", null)]
    public async Task BadValue_IsNamedAtOnce(string property, string? value)
    {
        var end = await EndOf(new KafkaConnection("127.0.0.1:1", "cases").With((property, value!)));

        AssertUnavailable(end, property, "correct or remove");
    }

    [Theory]
    [InlineData("enable.auto.commit")]
    [InlineData("enable.partition.eof")]
    [InlineData("isolation.level")]
    [InlineData("auto.offset.reset")]
    [InlineData("bootstrap.servers")]
    public async Task PropertyThatIsOurs_IsRefusedWithASentence(string property)
    {
        var end = await EndOf(new KafkaConnection("127.0.0.1:1", "cases").With((property, "true")));

        AssertUnavailable(end, $"'{property}' cannot be configured");
    }

    [Fact]
    public async Task MissingCertificateFile_IsNamedAtOnce()
    {
        var end = await EndOf(new KafkaConnection("127.0.0.1:1", "cases").With(("security.protocol", "ssl"), ("ssl.ca.location", "no-such-file.pem")));

        AssertUnavailable(end, "ssl.ca.location");
    }

    [Fact]
    public async Task TopicMissing_IsUnavailableAtOnceAndIsNotMade()
    {
        var broker = fixture.OrSkip();
        var connection = new KafkaConnection(broker.Bootstrap, "no-such-topic");
        AssertUnavailable(await EndOf(connection), $"Kafka at {broker.Bootstrap} has no topic 'no-such-topic'", "create the topic");
        AssertUnavailable(await EndOf(connection), "has no topic");
    }

    [Fact]
    public async Task IllegalTopicName_IsUnavailableAtOnce()
    {
        var broker = fixture.OrSkip();
        AssertUnavailable(await EndOf(new KafkaConnection(broker.Bootstrap, "no spaces!")), "'no spaces!'");
    }

    [Fact]
    [Fault("no TLS there", "TLS is spoken to a listener without", "given up with a sentence that names the handshake")]
    public async Task TlsAgainstAPlainListener_SaysThatTheHandshakeFailed()
    {
        var broker = fixture.OrSkip();
        // Clients before 2.2 take the closed connection for a refusal, later ones for a broker that may come up.
        var end = await EndOf(
            new KafkaConnection(broker.Bootstrap, "cases").With(("security.protocol", "ssl")), static options => options with { GiveUpAfter = Soon });

        // The client says that the handshake failed, or what OpenSSL made of it, by who hung up first.
        AssertUnavailable(end, broker.Bootstrap, "handshake", "security.protocol");
    }

    [Fact]
    [Fault("bad certificate", "a broker whose certificate nobody vouches for", "refused at once in a sentence that says what to check")]
    public async Task CertificateNobodyVouchesFor_IsUnavailableAtOnce()
    {
        using var server = new SelfSignedServer();
        var began = TimeProvider.System.GetTimestamp();
        var end = await EndOf(new KafkaConnection(server.Address, "cases")
            .With(("security.protocol", "ssl")), static options => options with { GiveUpAfter = Reading.Limit });

        AssertUnavailable(end, $"No TLS connection to Kafka at {server.Address}", "certificate", "ssl.ca.location");
        Assert.True(TimeProvider.System.GetElapsedTime(began) < Reading.Limit / 2, "it should not have waited");
    }

    [Fact]
    public async Task NoPasswordWhereOneIsAsked_SaysThatSecurityMayNotFit()
    {
        var broker = fixture.OrSkip();
        var end = await EndOf(new KafkaConnection(broker.SaslBootstrap, "cases"), static options => options with { GiveUpAfter = TimeSpan.FromSeconds(4) });

        AssertUnavailable(end, broker.SaslBootstrap, "security.protocol");
    }

    [Fact]
    [Fault("bad credentials", "a wrong password", "refused at once in a sentence that does not show it")]
    public async Task WrongPassword_IsUnavailableAtOnceWithoutShowingIt()
    {
        var broker = fixture.OrSkip();
        var end = await EndOf(LoggedIn(broker, "cases", KafkaBroker.Reader, "not-the-password"));

        AssertUnavailable(end, "refused the credentials", "sasl.password");
        Assert.DoesNotContain("not-the-password", end.Message);
    }

    [Fact]
    [Fault("no rights", "a user who may not read the topic", "refused at once in a sentence that says which rights to grant")]
    public async Task UserWithoutRights_IsUnavailableAtOnce()
    {
        var broker = fixture.OrSkip();
        using var topic = await KafkaTopic.CreateAsync(broker.Bootstrap, 1);
        var end = await EndOf(LoggedIn(broker, topic.Name, KafkaBroker.Stranger, KafkaBroker.PasswordOf(KafkaBroker.Stranger)));

        AssertUnavailable(end, "does not allow this user", topic.Name);
    }

    [Fact]
    public async Task RightPasswordThroughProperties_ReadsTheTopic()
    {
        var broker = fixture.OrSkip();
        using var topic = await KafkaTopic.CreateAsync(broker.Bootstrap, 1);
        topic.Put(0, ["a"]);
        var (end, sink, _) = await Reading.ReplayAsync(LoggedIn(broker, topic.Name, KafkaBroker.Reader, KafkaBroker.PasswordOf(KafkaBroker.Reader)));

        Assert.Equal(SourceEnd.Finished, end);
        Assert.Equal(["a"], sink.Texts);
    }

    [Fact]
    [Fault("damaged bytes in the topic", "one bit of a record is turned on the broker's disk", "the replay ends as damaged; no false record is handed over")]
    public async Task BitTurnedOnTheBrokersDisk_EndsTheReplayAsDamagedAndGivesNoFalseRecord()
    {
        var broker = fixture.OrSkip();
        using var topic = await KafkaTopic.CreateAsync(broker.Bootstrap, 1);
        topic.Put(0, ["before"]);
        topic.Put(0, ["tender"]);
        broker.Damage(topic.Name, 0, "tender");
        var (end, sink, _) = await Reading.ReplayAsync(topic.Connection);

        Assert.Equal(SourceEndKind.Damaged, end.Kind);
        Assert.Contains($"The topic '{topic.Name}'", end.Message);
        Assert.DoesNotContain(sink.Texts, static text => text != "before");
    }

    [Fact]
    [Fault("broker down at start", "a replay is started before its broker", "it waits and then reads everything")]
    public async Task BrokerComingUp_IsWaitedFor()
    {
        var broker = await OneBroker.MortalAsync();
        using var topic = await KafkaTopic.CreateAsync(broker.Bootstrap, 1);
        topic.Put(0, ["a"]);
        await broker.KillAsync(1);
        var absent = new TaskCompletionSource();
        var reading = Reading.ReplayAsync(topic.Connection, options => options with
        {
            GiveUpAfter = Reading.Limit,
            Report = status =>
            {
                if (status.Kind == KafkaStatusKind.Disconnected)
                {
                    absent.TrySetResult();
                }
            },
        });
        await absent.Task.WaitAsync(Reading.Limit);
        await broker.RestartAsync(1);
        var (end, sink, _) = await reading;

        Assert.Equal(SourceEnd.Finished, end);
        Assert.Equal(["a"], sink.Texts);
    }

    private static KafkaConnection LoggedIn(KafkaBroker broker, string topic, string user, string password) =>
        new KafkaConnection(broker.SaslBootstrap, topic).With(
            ("security.protocol", "sasl_plaintext"), ("sasl.mechanism", "PLAIN"), ("sasl.username", user), ("sasl.password", password));

    private async Task<SourceEnd> EndOf(KafkaConnection connection, Func<KafkaSourceOptions, KafkaSourceOptions>? change = null)
    {
        var (end, sink, _) = await Reading.ReplayAsync(connection, change);
        output.WriteLine(end.Message);
        Assert.Empty(sink.Records);
        return end;
    }

    private static void AssertUnavailable(SourceEnd end, params string[] parts)
    {
        Assert.Equal(SourceEndKind.Unavailable, end.Kind);
        Assert.All(parts, part => Assert.Contains(part, end.Message, StringComparison.OrdinalIgnoreCase));
    }
}
