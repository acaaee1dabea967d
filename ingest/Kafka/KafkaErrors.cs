namespace KpiStream.Ingest.Kafka;

/// <summary>What to do about an error of the client.</summary>
internal enum Remedy
{
    /// <summary>It may pass by itself: a broker restarts, a leader moves.</summary>
    Wait,

    /// <summary>It stays until somebody changes something.</summary>
    GiveUp,

    /// <summary>The log's bytes are damaged.</summary>
    Damaged,

    /// <summary>It concerns something that is not used here.</summary>
    Ignore,
}

/// <summary>Judges the client's errors and says them in sentences that tell what to do next.</summary>
internal static class KafkaErrors
{
    public static Remedy RemedyFor(ErrorCode code) => code switch
    {
        ErrorCode.Local_Authentication or ErrorCode.SaslAuthenticationFailed or ErrorCode.UnsupportedSaslMechanism
            or ErrorCode.IllegalSaslState or ErrorCode.Local_Ssl or ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic
            or ErrorCode.TopicException or ErrorCode.TopicAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed
            or ErrorCode.Local_Fatal => Remedy.GiveUp,
        ErrorCode.Local_BadMsg or ErrorCode.Local_BadCompression or ErrorCode.InvalidMsg => Remedy.Damaged,

        // The group is never joined and nothing is committed.
        ErrorCode.GroupAuthorizationFailed or ErrorCode.GroupCoordinatorNotAvailable or ErrorCode.NotCoordinatorForGroup
            or ErrorCode.Local_WaitCoord or ErrorCode.Local_MaxPollExceeded => Remedy.Ignore,
        _ => Remedy.Wait,
    };

    /// <summary>Says an error in one sentence.</summary>
    /// <param name="reason">The client's own words.</param>
    /// <param name="connection">Names the cluster and the topic.</param>
    public static string Sentence(ErrorCode code, string reason, KafkaConnection connection)
    {
        var (cluster, topic, why) = ($"Kafka at {connection.Bootstrap}", connection.Topic, reason.TrimEnd('.'));
        return code switch
        {
            ErrorCode.Local_Authentication or ErrorCode.SaslAuthenticationFailed or ErrorCode.UnsupportedSaslMechanism or ErrorCode.IllegalSaslState =>
                $"{cluster} refused the credentials ({why}): check security.protocol, sasl.mechanism, sasl.username and sasl.password.",
            ErrorCode.Local_Ssl =>
                $"No TLS connection to {cluster} ({why}): check security.protocol, ssl.ca.location and the brokers' certificates.",
            ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic =>
                $"{cluster} has no topic '{topic}': create the topic or correct its name.",
            ErrorCode.TopicException =>
                $"'{topic}' cannot be a topic's name for {cluster} ({why}): correct it.",
            ErrorCode.TopicAuthorizationFailed =>
                $"{cluster} does not allow this user to use the topic '{topic}' ({why}): grant it Describe and Read (to produce: Write and Create).",
            ErrorCode.ClusterAuthorizationFailed =>
                $"{cluster} does not allow this user what was asked of it for the topic '{topic}' ({why}): ask its administrator.",
            ErrorCode.Local_BadMsg or ErrorCode.Local_BadCompression or ErrorCode.InvalidMsg =>
                $"The topic '{topic}' of {cluster} holds damaged bytes ({why}): check the broker's disk and its log.",
            _ =>
                $"{cluster} cannot be reached for the topic '{topic}' ({why}): check that the brokers run, that host and port are right and that "
                    + $"security.protocol fits them.",
        };
    }

    /// <summary>Says that the client did not accept its configuration.</summary>
    public static string BadConfiguration(string reason, KafkaConnection connection) =>
        $"The Kafka client for {connection.Bootstrap}, topic '{connection.Topic}', did not accept its configuration ({reason.TrimEnd('.')}): correct "
            + $"or remove that property.";
}
