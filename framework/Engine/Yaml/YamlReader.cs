using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Experiments.Engine.Yaml;

/// <summary>Reads YAML as nodes that keep file, line and column.</summary>
/// <remarks>
/// Aliases and merge keys are followed. Tags, several documents and duplicate keys are problems. One deviation from YAML: the comma in
/// <c>$(name, default)</c> does not end a plain scalar, even between braces or brackets.
/// </remarks>
internal sealed class YamlReader
{
    private const int DeepestLevel = 100;
    private readonly string _source;
    private readonly Func<Mark, SourceLocation> _locate;
    private readonly RecipeProblems _problems;
    private readonly RecipeSize _size;
    private readonly CheckedParser _parser;
    private readonly Dictionary<AnchorName, (RecipeNode Node, int Size)> _anchors = [];
    private int _level;

    private YamlReader(string source, Func<Mark, SourceLocation> locate, RecipeProblems problems, RecipeSize size)
    {
        (_source, _locate, _problems, _size) = (source, locate, problems, size);
        _parser = new(source);
    }

    /// <summary>Reads a file's text.</summary>
    /// <returns>The root, or null after a syntax error, which is reported.</returns>
    public static RecipeNode? ReadFile(string source, string name, RecipeProblems problems, RecipeSize size) =>
        new YamlReader(source, mark => new(name, (int)mark.Line, (int)mark.Column), problems, size).ReadDocument();

    /// <summary>Reads the value of an argument. All its nodes have the same location.</summary>
    /// <returns>The root, or null after a syntax error, which is reported.</returns>
    public static RecipeNode? ReadArgument(string source, SourceLocation location, RecipeProblems problems, RecipeSize size) =>
        new YamlReader(source, _ => location, problems, size).ReadDocument();

    private RecipeNode? ReadDocument()
    {
        try
        {
            _parser.Consume<StreamStart>();
            if (_parser.TryConsume<StreamEnd>(out var end))
            {
                return new ScalarNode(_locate(end.Start), "");
            }

            _parser.Consume<DocumentStart>();
            var root = ReadNode();
            _parser.Consume<DocumentEnd>();
            if (_parser.TryConsume<DocumentStart>(out var second))
            {
                _problems.Add(_locate(second.Start), "a second YAML document begins here. A recipe is one document.");
                return null;
            }

            return root;
        }
        catch (YamlException problem)
        {
            _problems.Add(IndentingTab() is { } tab ? _locate(tab) : _locate(problem.End), $"invalid YAML: {problem.Message.TrimEnd('.')}.");
            return null;
        }
    }

    /// <summary>The first tab that indents a line. The parser itself reports the block around it instead.</summary>
    private Mark? IndentingTab()
    {
        var number = 0;
        foreach (var line in _source.AsSpan().EnumerateLines())
        {
            number++;
            var indent = line.IndexOfAnyExcept(' ');
            if (indent >= 0 && line[indent] == '\t')
            {
                return new Mark(0, number, indent + 1);
            }
        }

        return null;
    }

    private RecipeNode ReadNode()
    {
        var next = _parser.Current ?? throw new YamlException("the text ends too early");
        var place = _locate(next.Start);
        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            return Follow(alias, place);
        }

        var start = next as NodeEvent ?? throw new YamlException(next.Start, next.End, "a value is missing here, or a bracket or brace closes another one than the last that was opened");
        var before = _size.Values;
        Grow(1, next);
        if (!start.Tag.IsEmpty && !start.Tag.IsNonSpecific)
        {
            _problems.Add(place, $"the tag '{start.Tag}' has no meaning in a recipe. An option's type decides how its value is read.");
        }

        if (_level++ == DeepestLevel)
        {
            throw new YamlException(next.Start, next.End, $"more than {DeepestLevel} levels of nesting");
        }

        RecipeNode node = start switch
        {
            Scalar => ReadScalar(place),
            SequenceStart => ReadSequence(place),
            _ => ReadMapping(place),
        };
        _level--;
        if (!start.Anchor.IsEmpty)
        {
            _anchors[start.Anchor] = (node, _size.Values - before);
        }

        return node;
    }

    private RecipeNode Follow(AnchorAlias alias, SourceLocation place)
    {
        if (!_anchors.TryGetValue(alias.Value, out var target))
        {
            return Broken(place, $"no anchor '&{alias.Value}' before this alias.");
        }

        Grow(target.Size, alias);
        return target.Node;
    }

    private void Grow(int values, ParsingEvent at)
    {
        if (!_size.Grow(values))
        {
            throw new YamlException(at.Start, at.End, $"with its aliases and the files that it extends, the recipe has more than {RecipeLimits.Values:N0} values");
        }
    }

    private ScalarNode ReadScalar(SourceLocation place)
    {
        var scalar = _parser.Consume<Scalar>();
        return new(place, scalar.Value, scalar.Style == ScalarStyle.Plain);
    }

    private SequenceNode ReadSequence(SourceLocation place)
    {
        var isFlow = _parser.Consume<SequenceStart>().Style == SequenceStyle.Flow;
        List<RecipeNode> items = [];
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            var start = _parser.Current!.Start;
            var item = ReadNode();
            while (isFlow && IsOpen(item) && _parser.TryConsume<Scalar>(out var rest))
            {
                item = Joined(item, start, rest.End);
            }

            items.Add(item);
        }

        return new(place, items);
    }

    private MappingNode ReadMapping(SourceLocation place)
    {
        var isFlow = _parser.Consume<MappingStart>().Style == MappingStyle.Flow;
        List<MappingEntry> entries = [];
        HashSet<string> keys = [];
        (int Index, RecipeNode Value)? merge = null;
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var keyPlace = _locate(_parser.Current!.Start);
            var key = ReadNode() as ScalarNode;
            var start = _parser.Current.Start;
            var value = ReadNode();
            while (isFlow && IsOpen(value) && _parser.TryConsume<Scalar>(out var rest))
            {
                value = Joined(value, start, rest.End);
                ReadNode();
            }

            if (key is null)
            {
                _problems.Add(keyPlace, "a key must be a text.");
            }
            else if (MergeKey.Is(key) && merge is null)
            {
                merge = (entries.Count, value);
            }
            else if (!MergeKey.Is(key) && keys.Add(key.Text))
            {
                entries.Add(new(key.Text, keyPlace, value));
            }
            else
            {
                _problems.Add(keyPlace, $"the key '{key.Text}' appears twice. Keep one of the two.");
            }
        }

        if (merge is var (index, merged))
        {
            entries.InsertRange(index, MergeKey.Entries(merged, keys, _problems));
        }

        return new(place, entries);
    }

    private static bool IsOpen(RecipeNode node) => node is ScalarNode { IsPlain: true } scalar && ReferenceSyntax.IsOpen(scalar.Text);

    private ScalarNode Joined(RecipeNode first, Mark start, Mark end) => new(first.Location, _source[(int)start.Index..(int)end.Index]);

    private BrokenNode Broken(SourceLocation place, string text)
    {
        _problems.Add(place, text);
        return new(place);
    }
}
