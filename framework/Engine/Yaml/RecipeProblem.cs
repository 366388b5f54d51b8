using System.Collections;

namespace Experiments.Engine.Yaml;

/// <summary>Something wrong with a recipe.</summary>
/// <param name="Location">Where.</param>
/// <param name="Text">What is wrong, and what is allowed instead.</param>
public sealed record RecipeProblem(SourceLocation Location, string Text)
{
    /// <summary><c>file(line,column): text</c>.</summary>
    public override string ToString() => $"{Location}: {Text}";
}

/// <summary>Collects problems, so that all are reported at once.</summary>
public sealed class RecipeProblems : IReadOnlyCollection<RecipeProblem>
{
    private readonly HashSet<RecipeProblem> _problems = [];
    private readonly HashSet<(SourceLocation Location, string Cause)> _expensive = [];

    /// <inheritdoc/>
    public int Count { get; private set; }

    /// <summary>The secrets that no problem may show.</summary>
    public Secrets Secrets { get; } = new();

    /// <summary>Adds a problem. Of very many, only the first ones are kept.</summary>
    public void Add(SourceLocation location, string text)
    {
        Count++;
        if (_problems.Count < RecipeLimits.Problems)
        {
            _problems.Add(new(location, Secrets.Hide(text)));
        }
    }

    /// <summary>Adds a problem whose text is expensive to make, such as one with a list of all stages.</summary>
    /// <param name="location">Where.</param>
    /// <param name="cause">Tells problems at one place apart. Of those with an equal cause, only the first is made.</param>
    /// <param name="text">Makes the text.</param>
    public void Add(SourceLocation location, string cause, Func<string> text)
    {
        Count++;
        if (_problems.Count < RecipeLimits.Problems && _expensive.Add((location, cause)))
        {
            _problems.Add(new(location, Secrets.Hide(text())));
        }
    }

    /// <summary>Throws when there is any problem.</summary>
    /// <exception cref="RecipeException">There is at least one problem. The exception holds all of them.</exception>
    public void ThrowIfAny()
    {
        if (Count > 0)
        {
            throw new RecipeException(this);
        }
    }

    /// <summary>The problems in order of file, line and column, without duplicates.</summary>
    public IEnumerator<RecipeProblem> GetEnumerator() => _problems.OrderBy(problem => problem.Location).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>A recipe, or the command-line arguments for it, cannot be used.</summary>
/// <param name="problems">Everything that is wrong.</param>
public sealed class RecipeException(IEnumerable<RecipeProblem> problems) : Exception
{
    /// <summary>Everything that is wrong, in order of file, line and column.</summary>
    public IReadOnlyList<RecipeProblem> Problems { get; } = [.. problems];

    /// <summary>The problems, one per line.</summary>
    public override string Message => string.Join('\n', Problems);
}
