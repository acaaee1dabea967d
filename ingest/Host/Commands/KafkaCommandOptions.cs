using KpiStream.Ingest.Kafka.Native;

namespace KpiStream.Ingest.Host.Commands;

/// <summary>The options by which commands reach Kafka.</summary>
internal sealed class KafkaCommandOptions
{
    public Option<string?> Bootstrap { get; } = new("--bootstrap") { Description = "Kafka brokers, host:port separated by commas." };

    public Option<string[]> Properties { get; } = new("--kafka")
    {
        Description = "Any property of the Kafka client as key=value, like security.protocol=SASL_SSL. May be repeated.",
        Arity = ArgumentArity.OneOrMore,
        DefaultValueFactory = _ => [],
    };

    public Option<KafkaDrain?> Drain { get; } = new("--kafka-drain")
    {
        Description = "How records are taken from the Kafka client: batched (the default), or stock, the client library's ordinary loop, which is slower. "
            + "The figures are the same.",
        CustomParser = static result => WordOption.Parser<KafkaDrain>("--kafka-drain")(result),
    };

    public Option<Duration> OpenTransactionWait { get; } = DurationOption.Create(
        "--open-transaction-wait", "How long to wait for a Kafka transaction that a producer has left open: like 30s or 5m; off does not wait.",
        TimeSpan.FromSeconds(1), TimeSpan.FromDays(1), new KafkaSettings().OpenTransactionWait, mayBeOff: true);

    /// <summary>The options of a command that reads a topic.</summary>
    public IEnumerable<Option> All => [.. ForWriting, Drain, OpenTransactionWait];

    /// <summary>The options of a command that only writes.</summary>
    public IEnumerable<Option> ForWriting => [Bootstrap, Properties];

    public void AddValidators()
    {
        Properties.Validators.Add(CheckProperties);
        Bootstrap.Validators.Add(static result =>
        {
            if (result.Tokens is [var token] && BrokerList.FindMistake(token.Value) is { } mistake)
            {
                result.AddError($"--bootstrap {mistake}.");
            }
        });
    }

    public KafkaAccess Resolve(ParseResult parsed)
    {
        var properties = new Dictionary<string, string>();
        foreach (var property in parsed.GetValue(Properties) ?? [])
        {
            var equals = property.IndexOf('=');
            properties[property[..equals]] = property[(equals + 1)..];
        }

        return new KafkaAccess(
            parsed.GetValue(Bootstrap), properties, parsed.GetValue(Drain),
                parsed.GetResult(OpenTransactionWait) is { Implicit: false } ? parsed.GetValue(OpenTransactionWait).Time : null);
    }

    private static void CheckProperties(OptionResult result)
    {
        foreach (var property in result.Tokens.Select(token => token.Value).Where(value => value.IndexOf('=') <= 0))
        {
            result.AddError($"--kafka: '{property}' is not key=value, like security.protocol=SASL_SSL.");
        }

        foreach (var (name, value) in result.Tokens.Select(static token => token.Value.Split('=', 2)).Where(static pair => pair is [{ Length: > 0 }, _])
            .Select(static pair => (pair[0], pair[1])))
        {
            if (ClientPropertyCheck.FindMistake(name, value) is { } mistake)
            {
                result.AddError($"--kafka: {mistake}.");
            }
        }
    }
}
