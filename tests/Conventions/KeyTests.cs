using System.Globalization;
using System.Text.Json.Nodes;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Planning;
using Experiments.Engine.Plugins;
using Experiments.Engine.Recipes;
using Experiments.Engine.Runs;
using Experiments.Engine.Yaml;

namespace Experiments.Conventions.Tests;

/// <summary>
/// Tests every option of every plugin that a recipe can name. If its value changes, the stage and everything that
/// depends on it runs, and nothing else. If the option cannot change the output, nothing runs.
/// </summary>
public sealed class KeyTests : IDisposable
{
    private static readonly PluginCatalog Catalog = PluginCatalog.FromFolder(AppContext.BaseDirectory);
    private readonly string _folder = Directory.CreateTempSubdirectory("lab-keys-").FullName;
    private readonly HashSet<string> _seen = [];
    private readonly List<string> _stuck = [];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void ExactlyTheRightStagesRunWhenAnOptionChanges()
    {
        foreach (var recipe in new[] { Recipe("quickstart"), Recipe("tokenizer"), WithImport(Recipe("quickstart")), Recipe("scaling"), Recipe("books", "vars.books=file:" + Path.Combine(Repository.Root, "README.md")) })
        {
            foreach (var stage in recipe["stages"]!.AsObject().Select(entry => entry.Key).ToList())
            {
                var plugin = Catalog.Find("stage", (string)recipe["stages"]![stage]!["use"]!)!;
                ChangeEach(recipe, stage, plugin, path: []);
            }
        }

        _stuck.ShouldBeEmpty();
        var reachable = Reachable(Catalog.OfKind("stage")).Where(plugin => plugin.Options.Count > 0).Select(plugin => $"{plugin.Kind} {plugin.Name}").ToHashSet();
        reachable.Count.ShouldBeGreaterThanOrEqualTo(20);
        reachable.Except(_seen).ShouldBeEmpty("plugins whose options were not changed");
    }

    [Fact]
    public void NothingRunsWhenTheStoreIsMovedStagesAreRenamedAndRunSettingsChange()
    {
        var recipe = Recipe("quickstart");
        MakeAll(recipe, "store");
        Directory.Move(Path.Combine(_folder, "store"), Path.Combine(_folder, "moved"));
        var stages = new JsonObject(recipe["stages"]!.AsObject().Select(entry => KeyValuePair.Create(entry.Key + "-renamed", Renamed(entry.Value))));
        foreach (var (_, stage) in stages)
        {
            stage!["run"] = new JsonObject { ["threads"] = 1, ["memory_gb"] = 3, ["checkpoint"] = new JsonObject { ["every"] = "7s", ["keep"] = 5 } };
        }

        recipe["stages"] = stages;
        var plan = Plan(recipe, "moved");

        plan.Count.ShouldBeGreaterThanOrEqualTo(12);
        plan.ShouldAllBe(stage => stage.State == StageState.Hit);
    }

    /// <summary>A stage that reads from the renamed stages.</summary>
    private static JsonNode? Renamed(JsonNode? stage)
    {
        var renamed = stage!.DeepClone();
        renamed["inputs"] = Sources(renamed["inputs"]!);
        return renamed;

        static JsonNode? Sources(JsonNode? inputs) => inputs switch
        {
            JsonObject map => new JsonObject(map.Select(entry => KeyValuePair.Create(entry.Key, Sources(entry.Value)))),
            JsonArray list => new JsonArray([.. list.Select(Sources)]),
            _ => JsonValue.Create(string.Join('.', ((string)inputs!).Split('.').Select((part, place) => place == 0 ? part + "-renamed" : part))),
        };
    }

    [Fact]
    public void AFileThatAnOptionNamesCountsByItsBytesAndNotByItsName()
    {
        var (list, renamed) = (Path.Combine(_folder, "list.txt"), Path.Combine(_folder, "renamed.txt"));
        File.WriteAllText(list, "one.example");
        File.WriteAllText(renamed, "one.example");
        var before = Identity(list);

        Identity(renamed).ShouldBe(before);
        File.WriteAllText(list, "two.example");
        Identity(list).ShouldNotBe(before);
        File.Delete(list);
        Should.Throw<RecipeException>(() => Identity(list)).Message.ShouldContain($"option 'domain_files': no file '{list}'");

        string Identity(string file)
        {
            var recipe = Path.Combine(_folder, "blocklist.yaml");
            File.WriteAllText(recipe, $"stages:\n  c: {{ use: process-documents, inputs: {{ documents: file:{renamed} }}, with: {{ steps: [{{ use: url-blocklist, domain_files: [{file}] }}] }} }}");
            return new RecipeReader(Catalog).Read(recipe).Stages.Single().Identity.ToJsonString();
        }
    }

    private static JsonObject Recipe(string name, params string[] sets)
    {
        var recipe = new RecipeReader(Catalog).Read(Path.Combine(Repository.Root, $"recipes/{name}.yaml"), new RecipeArguments { Sets = sets });
        return recipe.Resolved.DeepClone().AsObject();
    }

    /// <summary>
    /// The recipe with a stage that imports the pretrained model, which none of the shipped recipes has.
    /// </summary>
    private JsonObject WithImport(JsonObject recipe)
    {
        var trained = recipe["stages"]!.AsObject().First(stage => (string)stage.Value!["use"]! == "pretrain").Key;
        recipe["stages"]!["imported"] = new JsonObject { ["use"] = "import-checkpoint", ["inputs"] = new JsonObject { ["source"] = trained } };
        return JsonNode.Parse(Read(recipe).Resolved.ToJsonString())!.AsObject();
    }

    /// <summary>Changes each option of a plugin, then each option of each plugin that its options can name.</summary>
    private void ChangeEach(JsonObject recipe, string stage, PluginDescription plugin, IReadOnlyList<object> path)
    {
        if (!_seen.Add($"{plugin.Kind} {plugin.Name}"))
        {
            return;
        }

        MakeAll(recipe, "store");
        foreach (var option in plugin.Options)
        {
            Change(recipe, stage, option, [.. path, option.Name]);
        }

        foreach (var option in plugin.Options)
        {
            var isList = option.Shape is ListShape;
            if ((option.Shape as PluginShape ?? (option.Shape as ListShape)?.Item) is not PluginShape nested)
            {
                continue;
            }

            foreach (var candidate in Catalog.OfKind(nested.KindName))
            {
                IReadOnlyList<object> inner = isList ? [.. path, option.Name, 0] : [.. path, option.Name];
                var variant = With(recipe, stage, [.. path, option.Name], isList ? new JsonArray(Named(candidate)) : Named(candidate));
                ChangeEach(JsonNode.Parse(Read(variant).Resolved.ToJsonString())!.AsObject(), stage, candidate, inner);
            }
        }
    }

    /// <summary>Gives an option another valid value, and compares the plan with what must run.</summary>
    private void Change(JsonObject recipe, string stage, OptionDescription option, IReadOnlyList<object> path)
    {
        var old = At(recipe["stages"]![stage]!["with"]!, path);
        foreach (var changed in Others(option.Shape, old, option.IsNullable).SelectMany(value => Settings(recipe, stage, path, value)))
        {
            IReadOnlyList<PlannedStage> plan;
            try
            {
                if (JsonNode.DeepEquals(Read(changed).Resolved["stages"]![stage], recipe["stages"]![stage]))
                {
                    continue;
                }

                plan = Plan(changed, "store");
            }
            catch (RecipeException)
            {
                continue; // out of its range, or in conflict with another option
            }

            HashSet<string> expected = [];
            if (!option.IsRuntimeOnly)
            {
                expected.Add(stage);
                expected.UnionWith(plan.Select(planned => planned.Stage).Where(each => each.Upstream.Any(expected.Contains)).Select(each => each.Name));
            }

            plan.Where(planned => planned.State != StageState.Hit).Select(planned => planned.Stage.Name).Order()
                .ShouldBe(expected.Order(), $"{stage}: {string.Join('.', path)}, {old?.ToJsonString()} -> {At(changed["stages"]![stage]!["with"]!, path)?.ToJsonString()}");
            return;
        }

        _stuck.Add($"{stage}: {string.Join('.', path)}, {old?.ToJsonString()}");
    }

    /// <summary>
    /// The recipe with an option set. It is also returned once for each nullable option next to it, set to null,
    /// because that option may conflict with the value.
    /// </summary>
    private static IEnumerable<JsonObject> Settings(JsonObject recipe, string stage, IReadOnlyList<object> path, JsonNode? value)
    {
        yield return With(recipe, stage, path, value);
        IReadOnlyList<object> parent = [.. path.Take(path.Count - 1)];
        foreach (var (name, other) in At(recipe["stages"]![stage]!["with"]!, parent) as JsonObject ?? [])
        {
            if (other is not null && name != "use" && name != path[^1] as string)
            {
                yield return With(With(recipe, stage, path, value?.DeepClone()), stage, [.. parent, name], null);
            }
        }
    }

    /// <summary>Other values that an option may accept, likely ones first.</summary>
    private static IEnumerable<JsonNode?> Others(ValueShape shape, JsonNode? old, bool isNullable)
    {
        switch (shape)
        {
            case ListShape list:
                var items = old as JsonArray ?? [];
                foreach (var item in Others(list.Item, items.FirstOrDefault(), isNullable: false))
                {
                    yield return new JsonArray([.. items.Select(each => each?.DeepClone()), item?.DeepClone()]);
                    yield return new JsonArray([item?.DeepClone(), .. items.Skip(1).Select(each => each?.DeepClone())]);
                }

                break;
            case MapShape map:
                foreach (var item in Others(map.Item, null, isNullable: false))
                {
                    yield return new JsonObject { ["another"] = item };
                }

                break;
            case PluginShape plugin:
                foreach (var other in Catalog.OfKind(plugin.KindName).Reverse())
                {
                    yield return Named(other);
                }

                // The plugin is the only one of its kind, so one of its own options gets another value.
                foreach (var option in Catalog.OfKind(plugin.KindName).Last().Options)
                {
                    foreach (var value in Others(option.Shape, null, isNullable: false).Take(3))
                    {
                        yield return new JsonObject { ["use"] = Catalog.OfKind(plugin.KindName).Last().Name, [option.Name] = value };
                    }
                }

                break;
            case RecordShape record:
                foreach (var option in record.Options)
                {
                    foreach (var value in Others(option.Shape, old?[option.Name], option.IsNullable))
                    {
                        var changed = old?.DeepClone().AsObject() ?? [];
                        changed[option.Name] = value;
                        yield return changed;
                    }
                }

                break;
            default:
                var number = double.TryParse(old?.ToJsonString(), CultureInfo.InvariantCulture, out var known) ? known : 1;
                double[] numbers = [number * 2, number + 1, number / 2, number - 1, 0.5, 0.25, 1, 2, 3, 16, 1000];
                string[] words = [.. shape.Text.Replace("one of ", "", StringComparison.Ordinal).Split(", "), "true", "false", "7s", "another.example", "de", "gpt2", "bits_per_byte", Path.Combine(Repository.Root, "README.md")];
                foreach (var each in numbers)
                {
                    yield return JsonNode.Parse(each.ToString("R", CultureInfo.InvariantCulture));
                }

                foreach (var each in words)
                {
                    yield return each is "true" or "false" ? JsonValue.Create(each == "true") : JsonValue.Create(each);
                }

                break;
        }

        if (isNullable)
        {
            yield return null;
        }
    }

    private static JsonObject Named(PluginDescription plugin)
    {
        var json = new JsonObject { ["use"] = plugin.Name };
        foreach (var option in plugin.Options.Where(option => option.IsRequired))
        {
            json[option.Name] = Others(option.Shape, null, isNullable: false).OfType<JsonNode>().Last();
        }

        return json;
    }

    private static IEnumerable<PluginDescription> Reachable(IEnumerable<PluginDescription> plugins)
    {
        Queue<PluginDescription> queue = new(plugins);
        HashSet<PluginDescription> found = [];
        while (queue.TryDequeue(out var plugin))
        {
            if (found.Add(plugin))
            {
                foreach (var kind in plugin.Options.Select(option => (option.Shape as ListShape)?.Item ?? option.Shape).OfType<PluginShape>())
                {
                    Catalog.OfKind(kind.KindName).ToList().ForEach(queue.Enqueue);
                }
            }
        }

        return found;
    }

    private static JsonNode? At(JsonNode node, IReadOnlyList<object> path) => path.Aggregate((JsonNode?)node, (at, step) => step is int index ? at?[index] : at?[(string)step]);

    private static JsonObject With(JsonObject recipe, string stage, IReadOnlyList<object> path, JsonNode? value)
    {
        var changed = recipe.DeepClone().AsObject();
        var parent = At(changed["stages"]![stage]!["with"]!, [.. path.Take(path.Count - 1)])!;
        if (path[^1] is int index)
        {
            parent[index] = value;
        }
        else
        {
            parent[(string)path[^1]] = value;
        }

        return changed;
    }

    private CheckedRecipe Read(JsonObject recipe)
    {
        var path = Path.Combine(_folder, "recipe.yaml");
        File.WriteAllText(path, recipe.ToJsonString());
        return new RecipeReader(Catalog).Read(path);
    }

    private IReadOnlyList<PlannedStage> Plan(JsonObject recipe, string store) => Planner(store).Plan(Read(recipe));

    private Planner Planner(string store) => new(new ArtifactStore(Path.Combine(_folder, store), Assert.Fail), new RunHistory(Path.Combine(_folder, "no-runs")));

    /// <summary>
    /// Fills a store with an artifact for each stage. Its bytes depend on its key, so stages that read it get keys of
    /// their own.
    /// </summary>
    private void MakeAll(JsonObject recipe, string storeName)
    {
        var store = new ArtifactStore(Path.Combine(_folder, storeName), Assert.Fail);
        var read = Read(recipe);
        Dictionary<string, StoredArtifact> made = [];
        foreach (var stage in read.Stages)
        {
            var planned = Planner(storeName).Plan(stage, read.Seed, made);
            made[stage.Name] = planned.Artifact ?? Make(store, planned);
        }
    }

    private StoredArtifact Make(ArtifactStore store, PlannedStage planned)
    {
        var output = Directory.CreateDirectory(Path.Combine(_folder, "output", planned.Work!.Key)).FullName;
        List<StoredPart> parts = [];
        foreach (var part in planned.Stage.Plugin.Outputs)
        {
            var folder = Directory.CreateDirectory(Path.Combine(output, part.Part)).FullName;
            File.WriteAllText(Path.Combine(folder, "made"), planned.Work.Key + part.Part);
            StoredFile[] files = [StoredFile.Of(folder, Path.Combine(folder, "made"))];
            parts.Add(new(part.Part, part.ArtifactType.Name, Digest.OfFiles(files), files));
        }

        return store.Commit(output, planned.Stage.Plugin.Name, new ArtifactManifest
        {
            Plugin = planned.Stage.Plugin.Name,
            Key = planned.Work.Key,
            Identity = planned.Work.Identity,
            Options = planned.Stage.Full,
            Parents = planned.Work.Parents,
            Parts = parts,
            Results = new Dictionary<string, double>(),
            Environment = new Dictionary<string, string>(),
            Finished = DateTimeOffset.UnixEpoch,
            Seconds = 1,
        });
    }
}
