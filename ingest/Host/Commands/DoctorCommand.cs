using KpiStream.Ingest.Host.Doctor;

namespace KpiStream.Ingest.Host.Commands;

/// <summary><c>kpistream doctor</c>: everything that <c>serve</c> with the same options would need, one line each. Starts and changes nothing.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Print the findings as JSON." };
        var test = new Option<bool>(ChannelCheck.TestOption) { Description = "Send a test message over every alert channel. Left out, nothing is sent." };
        return ServeCommand.CreateLooking(
            "doctor", "Check everything that serve with the same options needs: settings, key, state, log or topic, clock, memory, port, alert channels.",
            [json, test],
            (plan, parsed, stop) => DoctorRun.TellAsync(plan, parsed.GetValue(json), parsed.GetValue(test), stop));
    }
}
