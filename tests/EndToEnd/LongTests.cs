namespace Experiments.EndToEnd.Tests;

/// <summary>The trait of tests that run for minutes: <c>./lab test</c> leaves them out, <c>./lab test --all</c> runs them.</summary>
internal static class LongTests
{
    /// <summary>The trait's name.</summary>
    public const string Trait = "suite";

    /// <summary>The trait's value.</summary>
    public const string Long = "long";
}
