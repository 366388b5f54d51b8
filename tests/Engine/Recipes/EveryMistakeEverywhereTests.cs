using Experiments.Engine.Yaml;

namespace Experiments.Engine.Tests.Recipes;

/// <summary>
/// Every kind of mistake, in every place where it can be written. Each must be reported there, and must not hide another mistake.
/// </summary>
public sealed class EveryMistakeEverywhereTests : IDisposable
{
    private const string Other = "stages.other.with.tetx";
    private const string OtherMessage = "stage 'other': no option 'tetx'. Did you mean 'text'?";
    private readonly RecipeBench _bench = new();

    /// <summary>The path of a value in <see cref="Whole"/>, a wrong value, and what the message must say.</summary>
    public static IReadOnlyList<(string Path, string Value, string Message)> Mistakes =>
    [
        // An input that takes one source.
        ("stages.parts.inputs.documents", "liens", "no stage 'liens'. Did you mean 'lines'?"),
        ("stages.parts.inputs.documents", "file:nowhere/*", "no file matches 'nowhere/*'"),
        ("stages.parts.inputs.documents", "file:/dev/zero", "'/dev/zero' is a pipe or a device"),
        ("stages.parts.inputs.documents", "'file:'", "a pattern of files is missing"),
        ("stages.parts.inputs.documents", "lines.all", "stage 'lines' makes one artifact, without parts"),
        ("stages.parts.inputs.documents", "''", "no stage ''"),
        ("stages.parts.inputs.documents", "[lines, clean]", "not a list of 2"),
        ("stages.parts.inputs.documents", "[]", "not an empty list"),
        ("stages.parts.inputs.documents", "{ a: lines }", "not a mapping"),
        ("stages.parts.inputs.documents", "~", "the input 'documents' is missing"),
        ("stages.model.inputs.tokenizer", "parts.wrods", "stage 'parts' has no part 'wrods'. Did you mean 'words'?"),
        ("stages.model.inputs.tokenizer", "clean", "wants Tokenizer, but 'clean' gives Documents"),
        ("stages.model.inputs.tokeniser", "parts.words", "no input 'tokeniser'. Did you mean 'tokenizer'?"),
        ("stages.model.inputs.start", "modle", "no stage 'modle'."),

        // An input that takes a list.
        ("stages.clean.inputs.documents", "liens", "no stage 'liens'. Did you mean 'lines'?"),
        ("stages.clean.inputs.documents", "[lines, liens]", "no stage 'liens'. Did you mean 'lines'?"),
        ("stages.clean.inputs.documents", "[lines, file:nowhere/*]", "no file matches 'nowhere/*'"),
        ("stages.clean.inputs.documents", "[parts.wrods]", "stage 'parts' has no part 'wrods'. Did you mean 'words'?"),
        ("stages.clean.inputs.documents", "[lines, parts.words]", "wants Documents, but 'parts.words' gives Tokenizer"),
        ("stages.clean.inputs.documents", "[lines, [lines]]", "not a list of 1"),
        ("stages.clean.inputs.documents", "[]", "not an empty list"),
        ("stages.clean.inputs.documents", "{ a: lines }", "not a mapping"),

        // An input that takes a mapping.
        ("stages.table.inputs.models", "{ a: modle }", "no stage 'modle'. Did you mean 'model'?"),
        ("stages.table.inputs.models", "{ a: model, b: file:nowhere/* }", "no file matches 'nowhere/*'"),
        ("stages.table.inputs.models", "{ a: lines }", "wants Checkpoint, but 'lines' gives Documents"),
        ("stages.table.inputs.models", "{ a: [model] }", "not a list of 1"),
        ("stages.table.inputs.models", "[model]", "not a list of 1"),
        ("stages.table.inputs.models", "model", "not 'model'"),
        ("stages.table.inputs.others", "[file:data/a.txt]", "takes only outputs of stages"),
        ("stages.table.inputs", "[model]", "'inputs' wants a mapping of input names to sources, not a list of 1"),

        // Plugins and their options, nested or not.
        ("stages.model.use", "trian", "no stage plugin 'trian'. Did you mean 'train'?"),
        ("stages.model.use", "[train]", "'use' wants the name of a stage plugin, not a list of 1"),
        ("stages.lines.with", "3", "'with' wants a mapping of options, not '3'"),
        ("stages.lines.with.count", "many", "option 'count' wants a whole number, 0 to 1000000, not 'many'"),
        ("stages.lines.with.count", "-1", "option 'count' wants a whole number, 0 to 1000000, not '-1'"),
        ("stages.lines.with.count", "99999999999999999999", "option 'count' wants a whole number, "),
        ("stages.lines.with.count", "[3]", "option 'count' wants a whole number, 0 to 1000000, not a list of 1"),
        ("stages.lines.with.cuont", "3", "no option 'cuont'. Did you mean 'count'?"),
        ("stages.lines.with.text", "$(vars.nope)", "no variable 'nope'"),
        ("stages.lines.with.text", "'$(vars.greeting'", "a $( without its closing parenthesis"),
        ("stages.model.with.model", "gtp", "no model 'gtp'. Did you mean 'gpt'?"),
        ("stages.model.with.model", "{ use: gpt, layer: 2 }", "no option 'layer'. Did you mean 'layers'?"),
        ("stages.model.with.model", "{ use: gpt, layers: many }", "model 'gpt': option 'layers' wants a whole number, 1 to 128, not 'many'"),
        ("stages.model.with.model", "[gpt]", "not a list of 1"),
        ("stages.clean.with.steps", "[nothing, wrod-count]", "no filter 'wrod-count'. Did you mean 'word-count'?"),
        ("stages.clean.with.steps", "[{ use: word-count, min_word: 1 }]", "no option 'min_word'. Did you mean 'min_words'?"),
        ("stages.clean.with.steps", "[{ use: word-count, min_words: 9, max_words: 3 }]", "min_words (9) is more than max_words (3)"),
        ("stages.clean.with.steps", "[[nothing]]", "wants a filter"),
        ("stages.clean.with.steps", "{ use: nothing }", "option 'steps' wants a list"),
        ("stages.clean.with.sampling", "{ rate: 3 }", "option 'rate' wants a number, 0 to 1, not '3'"),
        ("stages.clean.with.time_limit", "soon", "option 'time_limit' wants"),
        ("stages.clean.with.mixture", "{ web: heavy }", "option 'mixture.web' wants a number, not 'heavy'"),

        // What is not part of a plugin.
        ("stages.model.run.threads", "none", "option 'threads' wants a whole number"),
        ("stages.model.run.thraeds", "2", "no option 'thraeds'. Did you mean 'threads'?"),
        ("stages.model.run", "fast", "run wants a mapping"),
        ("stages.lines.expect.lines", "many", "metric 'lines' wants a condition"),
        ("stages.lines.expect", "[lines]", "'expect' wants a mapping"),
        ("stages.model.wiht", "{ tokens: 3 }", "no stage key 'wiht'. Did you mean 'with'?"),
        ("stages.lines", "[1]", "wants a mapping with the keys"),
        ("tracking.url", "x", "no option 'url'. Did you mean 'uri'?"),
        ("tracking", "[x]", "tracking wants a mapping"),
        ("seed", "first", "'seed' wants a whole number"),
        ("name", "a/b", "'name' wants letters"),
        ("name", "''", "'name' wants letters"),
        ("plugins", "[nowhere.cs]", "nowhere.cs' cannot be read"),
        ("plugins", "[[a.cs]]", "'plugins' wants the path"),
    ];

    public static TheoryData<string, string, string> Written => new(Mistakes.Select(each => (each.Path, each.Value, each.Message)));

    private static Dictionary<string, object> Whole => Map(
        ("vars", Map(("greeting", "hello"))),
        ("name", "whole"),
        ("stages", Map(
            ("lines", Map(("use", "write-lines"), ("with", Map(("count", "3"))))),
            ("parts", Map(("use", "split"), ("inputs", Map(("documents", "lines"))))),
            ("clean", Map(("use", "clean"), ("inputs", Map(("documents", "[lines]"))), ("with", Map(("steps", "[{ use: word-count, min_words: 1 }]"))))),
            ("model", Map(("use", "train"), ("inputs", Map(("documents", "clean"), ("tokenizer", "parts.words"))), ("with", Map(("model", "{ use: gpt, layers: 2 }"), ("tokens", "10"))))),
            ("table", Map(("use", "compare"), ("inputs", Map(("models", "{ a: model }"), ("others", "[clean]"))))),
            ("other", Map(("use", "write-lines"), ("with", Map(("count", "1"))))))));

    [Fact]
    public void WithoutAMistakeTheRecipeIsRight() => Should.NotThrow(() => _bench.Read(Text(Whole)));

    [Theory]
    [MemberData(nameof(Written))]
    public void InTheRecipe(string path, string value, string message) =>
        Check(Text(With(Whole, path, value)), message, "r.yaml(");

    [Theory]
    [MemberData(nameof(Written))]
    public void InAnExtendedRecipe(string path, string value, string message)
    {
        _bench.Write("base/b.yaml", Text(With(Whole, path, value)));
        Check("extends: base/b.yaml\n", message, "base/b.yaml(");
    }

    [Theory]
    [MemberData(nameof(Written))]
    public void OverARightValueOfAnExtendedRecipe(string path, string value, string message)
    {
        _bench.Write("base/b.yaml", Text(Whole));
        Check("extends: base/b.yaml\n" + Text(With([], path, value)), message, "r.yaml(");
    }

    [Theory]
    [MemberData(nameof(Written))]
    public void InAProfile(string path, string value, string message) =>
        Check(Text(With(Whole, "profiles", Text(With([], path, value), isFlow: true))), message, "r.yaml(", profile: "p");

    [Theory]
    [MemberData(nameof(Written))]
    public void InASetting(string path, string value, string message)
    {
        var set = $"{path}={value}";
        Check(Text(Whole), message, $"--set {set}", sets: set);
    }

    [Theory]
    [MemberData(nameof(Written))]
    public void InAVariable(string path, string value, string message)
    {
        if (path == "plugins" || value.Contains("$(", StringComparison.Ordinal) || value == "~" || path is "stages.lines")
        {
            return; // these cannot stand in a variable, or mean something else there
        }

        Check(Text(With(With(Whole, "vars.wrong", value), path, "$(vars.wrong)")), message, "r.yaml(");
    }

    [Theory]
    [MemberData(nameof(Written))]
    public void ThroughAnAlias(string path, string value, string message)
    {
        if (!value.Contains("$(", StringComparison.Ordinal))
        {
            Check(Text(With(With(Whole, "vars.wrong", "&wrong " + value), path, "*wrong")), message, "r.yaml(");
        }
    }

    [Theory]
    [MemberData(nameof(Written))]
    public void InAStageWithForeach(string path, string value, string message)
    {
        var names = path.Split('.');
        if (names is not ["stages", var stage, _, ..])
        {
            return;
        }

        var whole = Whole;
        ((Dictionary<string, object>)whole["stages"])["each"] = ((Dictionary<string, object>)Whole["stages"])[stage];
        Check(Text(With(With(whole, "stages.each.foreach", "{ n: [1, 2] }"), $"stages.each.{string.Join('.', names[2..])}", value)), message.Replace($"stage '{stage}'", "stage 'each'", StringComparison.Ordinal), "r.yaml(");
    }

    public void Dispose() => _bench.Dispose();

    private void Check(string recipe, string message, string place, string? profile = null, params string[] sets)
    {
        // A second mistake, which must not be hidden by the first.
        var other = new[] { $"{Other}=1" };
        var problems = Should.Throw<RecipeException>(() => _bench.Read(recipe, profile, [.. sets, .. other]), recipe).Problems;

        var found = problems.Where(problem => problem.Text.Contains(message, StringComparison.Ordinal)).ToList();
        found.Count.ShouldBe(1, $"{recipe}\n{string.Join('\n', problems)}");
        found[0].ToString().ShouldStartWith(place);
        problems.ShouldContain(problem => problem.Text.StartsWith(OtherMessage, StringComparison.Ordinal), string.Join('\n', problems));
    }

    private static Dictionary<string, object> Map(params (string Key, object Value)[] entries) => entries.ToDictionary(entry => entry.Key, entry => entry.Value);

    /// <summary>The recipe with a value at a path. In <c>profiles</c> it goes into the profile <c>p</c>.</summary>
    private static Dictionary<string, object> With(Dictionary<string, object> recipe, string path, string value)
    {
        if (path == "profiles")
        {
            recipe[path] = Map(("p", value));
            return recipe;
        }

        var map = recipe;
        var names = path.Split('.');
        foreach (var name in names[..^1])
        {
            map = map.TryGetValue(name, out var inner) && inner is Dictionary<string, object> known ? known : (Dictionary<string, object>)(map[name] = new Dictionary<string, object>());
        }

        map[names[^1]] = value;
        return recipe;
    }

    private static string Text(Dictionary<string, object> recipe, bool isFlow = false) => isFlow
        ? $"{{ {string.Join(", ", recipe.Select(entry => $"{entry.Key}: {(entry.Value is Dictionary<string, object> map ? Text(map, isFlow) : entry.Value)}"))} }}"
        : string.Concat(recipe.Select(entry => $"{entry.Key}: {(entry.Value is Dictionary<string, object> map ? Text(map, isFlow: true) : entry.Value)}\n"));
}
