namespace Experiments.Engine.Yaml;

/// <summary>
/// How large a recipe may become, so that reading one ends soon and in little memory, whoever wrote it.
/// </summary>
internal static class RecipeLimits
{
    /// <summary>Bytes of a file.</summary>
    public const int Bytes = 4_000_000;

    /// <summary>Files that a recipe extends, directly and indirectly, each as often as it is read.</summary>
    public const int Files = 200;

    /// <summary>Values of a recipe's files with their aliases, and of a recipe with its variables and instances.</summary>
    public const int Values = 200_000;

    /// <summary>Characters of a text after interpolation.</summary>
    public const int Text = 1_000_000;

    /// <summary>Characters of inserted text that count as one value.</summary>
    public const int TextPerValue = 100;

    /// <summary>Values that refer to each other in a row, and names in the path of a setting.</summary>
    public const int Depth = 100;

    /// <summary>Stages, instances of <c>foreach</c> included.</summary>
    public const int Stages = 5_000;

    /// <summary>Plugins, each as often as a stage or an option names it.</summary>
    public const int Plugins = 25_000;

    /// <summary>Files and folders that the patterns of a recipe may look at.</summary>
    public const int Visits = 100_000;

    /// <summary>Problems that are kept. More are only counted.</summary>
    public const int Problems = 1_000;

    /// <summary>Characters of a value that a message shows.</summary>
    public const int Shown = 200;

    /// <summary>Known names that a message lists.</summary>
    public const int Listed = 100;

    /// <summary>Characters of the known names that a message lists, about.</summary>
    public const int ListedCharacters = 3_000;
}
