namespace KpiStream.Tests.Support;

/// <summary>Where the tree under test lies: the nearest folder above the running tests that holds the solution.</summary>
public static class RepositoryRoot
{
    public static string Path { get; } = Find(AppContext.BaseDirectory);

    /// <summary>A file of the tree by its path from the root, with forward slashes.</summary>
    public static string File(string relative) => System.IO.Path.Combine([Path, .. relative.Split('/')]);

    private static string Find(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            if (System.IO.File.Exists(System.IO.Path.Combine(folder.FullName, "KpiStream.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No folder above {start} holds KpiStream.sln: run the tests from inside the tree.");
    }
}
