namespace Experiments.Benchmarks;

/// <summary>The checkout that the benchmarks run in.</summary>
internal static class Checkout
{
    /// <summary>Its folder.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Experiments.sln")))
        {
            root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException("No parent folder contains Experiments.sln.");
        }

        return root;
    }
}
