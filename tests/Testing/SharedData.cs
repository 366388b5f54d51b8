namespace Experiments.Testing;

/// <summary>
/// Real data sets and inputs that once failed, in <c>shared</c> of a parent folder. Tests that need them are skipped if
/// they are absent.
/// </summary>
public static class SharedData
{
    /// <summary>The path of a file or folder of the data sets, or null if it is absent.</summary>
    public static string? Find(string relativePath) => Find("data", relativePath);

    /// <summary>The path of a file or folder of the inputs that once failed, or null if it is absent.</summary>
    public static string? FindCase(string relativePath) => Find("cases", relativePath);

    private static string? Find(string kind, string relativePath)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "shared", kind, relativePath);
            if (Path.Exists(path))
            {
                return path;
            }
        }

        return null;
    }
}
