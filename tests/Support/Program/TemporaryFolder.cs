namespace KpiStream.Tests.Support.Program;

/// <summary>A folder of a test's own, gone with the test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("kpistream-test-").FullName;

    /// <summary>A path in it; the file need not exist.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file of lines and gives its path.</summary>
    public string Write(string name, IEnumerable<byte[]> lines)
    {
        using var file = System.IO.File.Create(File(name));
        foreach (var line in lines)
        {
            file.Write(line);
            file.WriteByte((byte)'\n');
        }

        return file.Name;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
