using YamlDotNet.RepresentationModel;

namespace KpiStream.Ingest.Sources.Configuration.Text;

internal sealed class ProblemLog(string file, ICollection<ConfigProblem> problems)
{
    private readonly int before = problems.Count;

    public bool IsEmpty => problems.Count == before;

    public void Add(YamlNode node, string key, string message) => Add((int)node.Start.Line, key, message);

    public void Add(int line, string key, string message) => problems.Add(new ConfigProblem(file, line, key, message));
}
