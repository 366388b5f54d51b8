using Experiments.Contracts.Text;
using Experiments.Plugins.ChatTemplates;
using Experiments.Testing;

namespace Experiments.Plugins.Tokenizers.Tests;

/// <summary>Opens tokenizers whose chat templates are in Jinja.</summary>
internal static class FormatOpening
{
    public static GivenPlugins Plugins { get; } = new(new JinjaTemplateLanguage());

    public static ITokenizer Open(this ITokenizerFormat format, string source) => format.Open(source, Plugins);
}
