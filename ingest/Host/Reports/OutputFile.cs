using System.Text;

namespace KpiStream.Ingest.Host.Reports;

/// <summary>Text files that a run leaves behind; <c>-</c> is standard output.</summary>
internal static class OutputFile
{
    private const int BufferBytes = 1 << 16;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Why a file surely cannot be written, looked at before an hour's work is done for nothing; null when nothing is in the way.</summary>
    public static string? FindObstacle(string? path)
    {
        if (path is null or StandardOutput.Name)
        {
            return null;
        }

        if (Directory.Exists(path))
        {
            return $"{path} is a folder: give the file to write in it.";
        }

        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        return folder is null || Directory.Exists(folder) ? null : $"{path} cannot be written: there is no folder {folder}. Make it, or give another path.";
    }

    /// <exception cref="IOException">The file cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write it.</exception>
    public static StreamWriter Open(string path) =>
        new(path == StandardOutput.Name ? StandardOutput.Open() : new FileStream(path, FileMode.Create, FileAccess.Write), Utf8, BufferBytes);
}
