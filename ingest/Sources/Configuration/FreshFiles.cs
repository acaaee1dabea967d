namespace KpiStream.Ingest.Sources.Configuration;

/// <summary>
/// Files of secrets that a run has made. One that comes to nothing takes them back: left behind, they protect nothing, and look like the right ones beside a
/// log or checkpoints that were made with others. Owned by one flow.
/// </summary>
public sealed class FreshFiles
{
    private readonly List<string> paths = [];

    /// <summary>From here on something is kept that was made with them.</summary>
    public void Keep() => paths.Clear();

    /// <summary>Deletes those that nothing was made with.</summary>
    public void TakeBack()
    {
        foreach (var path in paths)
        {
            try
            {
                File.Delete(path);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // It was written a moment ago; who took the right away has the file.
            }
        }

        paths.Clear();
    }

    internal void Add(string path) => paths.Add(path);
}
