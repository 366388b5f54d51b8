using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Experiments.Engine.Yaml;

/// <summary>
/// YamlDotNet's parser, in which every failure is a syntax error. Some malformed texts make the parser itself throw
/// exceptions of other types.
/// </summary>
internal sealed class CheckedParser(string source) : IParser
{
    private readonly Parser _parser = new(new StringReader(source));

    /// <inheritdoc/>
    public ParsingEvent? Current => _parser.Current;

    /// <inheritdoc/>
    public bool MoveNext()
    {
        try
        {
            return _parser.MoveNext();
        }
        catch (Exception problem) when (problem is not YamlException)
        {
            var last = Current?.End ?? Mark.Empty;
            throw new YamlException(last, last, "the text after this cannot be read");
        }
    }
}
