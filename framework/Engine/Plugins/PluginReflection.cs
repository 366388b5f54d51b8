using System.Reflection;
using Experiments.Contracts;
using Experiments.Contracts.Artifacts;
using Experiments.Engine.Plugins.Foreign;
using Experiments.Contracts.Running;

namespace Experiments.Engine.Plugins;

/// <summary>
/// Finds plugin classes, describes them, and runs stages, all by reflection. Describing a plugin runs none of its code:
/// that code may load native libraries, and a plugin file may come from a stranger. Therefore a description is read from
/// metadata alone, and the only attributes that are made are the sealed ones of the contracts.
/// </summary>
public static class PluginReflection
{
    /// <summary>Loads an assembly file.</summary>
    /// <exception cref="InvalidPluginException">The file is not an assembly.</exception>
    internal static Assembly Load(string path)
    {
        try
        {
            return Assembly.LoadFrom(path);
        }
        catch (Exception problem) when (problem is BadImageFormatException or FileLoadException)
        {
            throw new InvalidPluginException($"{path}: not a .NET assembly. {problem.Message}");
        }
    }

    /// <summary>Loads an assembly that exists only in memory.</summary>
    internal static Assembly Load(byte[] assembly) => Assembly.Load(assembly);

    /// <summary>Describes the plugins of an assembly. A class of several kinds has one description per kind.</summary>
    /// <param name="assembly">The assembly.</param>
    /// <param name="source">SHA-256 of the plugin file that it comes from, or null.</param>
    /// <param name="isShipped">Whether it is an assembly of shipped plugins.</param>
    /// <param name="options">Reads options records.</param>
    /// <param name="documentation">Supplies the summaries.</param>
    /// <exception cref="InvalidPluginException">A class breaks the rules for plugins.</exception>
    internal static IEnumerable<PluginDescription> Describe(
        Assembly assembly, string? source, bool isShipped, OptionReflection options, DocumentationFile documentation)
    {
        var usesTorch = assembly.GetReferencedAssemblies().Any(each => each.Name is "TorchSharp" or "Experiments.Contracts.Torch" or "Experiments.Learning");
        foreach (var type in ExportedTypes(assembly))
        {
            if (!type.IsDefined(typeof(PluginAttribute), inherit: false))
            {
                continue;
            }

            var plugin = type.GetCustomAttribute<PluginAttribute>(inherit: false)!;
            if (!IsKebab(plugin.Name))
            {
                throw new InvalidPluginException($"{type}: the plugin's name '{plugin.Name}' is not kebab-case: lower-case letters, digits and '-', a letter first.");
            }

            var kinds = type.GetInterfaces().Select(each => each.GetCustomAttribute<PluginKindAttribute>()?.Name).OfType<string>().ToList();
            if (kinds.Count == 0)
            {
                throw new InvalidPluginException($"{type}: plugin '{plugin.Name}' does not implement a kind of plugin. Implement an interface with a [PluginKind], such as IStage<,> or IDocumentFilter.");
            }

            if (type.IsAbstract || type.ContainsGenericParameters || type.GetConstructors() is not [var constructor] || constructor.GetParameters().Length > 1)
            {
                throw new InvalidPluginException($"{type}: plugin '{plugin.Name}' needs one public constructor, without parameters or with its options record as the only one.");
            }

            var stage = type.GetInterfaces().FirstOrDefault(each => each.IsGenericType && each.GetGenericTypeDefinition() == typeof(IStage<,>));
            var shape = constructor.GetParameters() is [var parameter] ? options.RecordOf(parameter.ParameterType) : null;
            var isForeign = options.Foreign.Contains(type);
            if (!isShipped && shape is not null)
            {
                OptionCircle.Refuse(shape.Type);
            }

            foreach (var kind in kinds)
            {
                yield return new(
                    () => documentation.Summary(type.Assembly, $"T:{type.FullName?.Replace('+', '.')}"),
                    () => stage is null ? [] : Inputs(stage.GetGenericArguments()[0]),
                    () => stage is null ? [] : Outputs(stage.GetGenericArguments()[1]),
                    () => Metrics(type, documentation),
                    settings => !isForeign
                        ? constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, shape is null ? [] : [settings], null)
                        : throw new ForeignPluginException($"The {kind} '{plugin.Name}' comes from a plugin file, whose code this command does not run."))
                {
                    Name = plugin.Name,
                    Version = plugin.Version,
                    Source = source,
                    IsForeign = isForeign,
                    IsShipped = isShipped,
                    Kind = kind,
                    Type = type,
                    Shape = shape,
                    UsesTorch = usesTorch,
                    IsSharded = plugin.IsSharded,
                    MakesChatModel = plugin.MakesChatModel,
                    ReportsRun = plugin.ReportsRun,
                };
            }
        }
    }

    private static Type[] ExportedTypes(Assembly assembly)
    {
        try
        {
            return assembly.GetExportedTypes();
        }
        catch (Exception problem) when (problem is FileNotFoundException or FileLoadException or TypeLoadException)
        {
            throw new InvalidPluginException($"{assembly.GetName().Name} needs a type or an assembly that is missing. {problem.Message}");
        }
    }

    /// <summary>The name of a kind.</summary>
    /// <exception cref="InvalidPluginException">The interface has no <see cref="PluginKindAttribute"/>.</exception>
    internal static string KindOf(Type kind) =>
        kind.GetCustomAttribute<PluginKindAttribute>()?.Name
        ?? kind.GetInterfaces().Select(each => each.GetCustomAttribute<PluginKindAttribute>()?.Name).FirstOrDefault(name => name is not null)
        ?? throw new InvalidPluginException($"{kind} is not a kind of plugin, because it has no [PluginKind].");

    /// <summary>The artifact types of an assembly.</summary>
    /// <exception cref="InvalidPluginException">One of them cannot be made from a location.</exception>
    internal static IEnumerable<Type> ArtifactTypes(Assembly assembly)
    {
        foreach (var type in ExportedTypes(assembly).Where(type => type.IsSubclassOf(typeof(Artifact)) && !type.IsAbstract))
        {
            yield return type.GetConstructor([typeof(ArtifactLocation)]) is not null ? type : throw new InvalidPluginException(
                $"{type}: an artifact type needs a public constructor with an ArtifactLocation: public sealed class {type.Name}(ArtifactLocation location) : Artifact(location);");
        }
    }

    /// <summary>Makes an artifact of a type.</summary>
    public static Artifact CreateArtifact(Type type, ArtifactLocation location) => (Artifact)Activator.CreateInstance(type, location)!;

    /// <summary>Makes a stage's inputs record.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="value">Returns the value of an input: an artifact, a list or a dictionary of artifacts, as the
    /// cardinality requires, or null.</param>
    public static object CreateInputs(PluginDescription stage, Func<InputDescription, object?> value)
    {
        var type = StageInterface(stage).GetGenericArguments()[0];
        var byName = stage.Inputs.ToDictionary(input => input.Name);
        object? ValueOf(string? name, Type target) =>
            name is null || !byName.TryGetValue(OptionReflection.Snake(name), out var input) ? null : Fit(value(input), input, target);

        var constructor = type.GetConstructors().MaxBy(each => each.GetParameters().Length)!;
        var inputs = constructor.Invoke([.. constructor.GetParameters().Select(parameter => ValueOf(parameter.Name, parameter.ParameterType))]);
        foreach (var property in type.GetProperties().Where(property => property.CanWrite && constructor.GetParameters().All(parameter => parameter.Name != property.Name)))
        {
            property.SetValue(inputs, ValueOf(property.Name, property.PropertyType));
        }

        return inputs;
    }

    /// <summary>Runs a stage.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="instance">The object that <see cref="PluginCatalog.Create(PluginDescription, object?)"/>
    /// made.</param>
    /// <param name="inputs">The inputs record that <see cref="CreateInputs"/> made.</param>
    /// <param name="context">The context.</param>
    /// <param name="cancellationToken">Interrupts the stage.</param>
    /// <returns>The artifact, or a record of several artifacts; null if the stage breaks its contract.</returns>
    public static Task<object?> RunAsync(PluginDescription stage, object instance, object inputs, StageContext context, CancellationToken cancellationToken) =>
        (Task<object?>)typeof(PluginReflection).GetMethod(nameof(RunTypedAsync), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(StageInterface(stage).GetGenericArguments())
            .Invoke(null, BindingFlags.DoNotWrapExceptions, null, [instance, inputs, context, cancellationToken], null)!;

    private static async Task<object?> RunTypedAsync<TInputs, TOutput>(object stage, object inputs, StageContext context, CancellationToken cancellationToken)
        where TInputs : class
        where TOutput : class => await ((IStage<TInputs, TOutput>)stage).RunAsync((TInputs)inputs, context, cancellationToken);

    /// <summary>One part of what a stage returned; null if it is null.</summary>
    /// <param name="output">The part.</param>
    /// <param name="returned">What <see cref="RunAsync"/> returned.</param>
    public static Artifact? PartOf(OutputDescription output, object? returned) => output.Part.Length == 0 || returned is null
        ? (Artifact?)returned
        : (Artifact?)Properties(returned.GetType()).First(property => OptionReflection.Snake(property.Name) == output.Part).GetValue(returned);

    private static Type StageInterface(PluginDescription stage) =>
        stage.Type.GetInterfaces().First(each => each.IsGenericType && each.GetGenericTypeDefinition() == typeof(IStage<,>));

    private static IReadOnlyList<InputDescription> Inputs(Type record) =>
        [.. Properties(record).Select(property =>
        {
            var type = property.PropertyType;
            var (artifact, cardinality) = typeof(Artifact).IsAssignableFrom(type) ? (type, InputCardinality.One)
                : type.IsArray ? (type.GetElementType()!, InputCardinality.List)
                : type.IsGenericType && type.GetGenericArguments() is [var item] ? (item, InputCardinality.List)
                : type.IsGenericType && type.GetGenericArguments() is [var key, var value] && key == typeof(string) ? (value, InputCardinality.Map)
                : (typeof(void), InputCardinality.One);
            return typeof(Artifact).IsAssignableFrom(artifact)
                ? new InputDescription(OptionReflection.Snake(property.Name), artifact, cardinality, OptionReflection.IsNullable(property))
                : throw new InvalidPluginException($"{record}.{property.Name}: an input is an artifact, a list of them or a dictionary of them by name, not {type}.");
        })];

    private static IReadOnlyList<OutputDescription> Outputs(Type output) =>
        typeof(Artifact).IsAssignableFrom(output)
            ? [new("", output)]
            : [.. Properties(output).Select(property => typeof(Artifact).IsAssignableFrom(property.PropertyType)
                ? new OutputDescription(OptionReflection.Snake(property.Name), property.PropertyType)
                : throw new InvalidPluginException($"{output}.{property.Name}: a part of an output is an artifact, not {property.PropertyType}."))];

    private static bool IsKebab(string name) =>
        char.IsAsciiLetterLower(name.FirstOrDefault()) && name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-');

    private static IReadOnlyList<MetricDescription> Metrics(Type plugin, DocumentationFile documentation)
    {
        List<MetricDescription> metrics = [.. plugin.GetCustomAttributes<MetricAttribute>(inherit: false).Select(metric =>
            !MetricDescription.IsDeclarable(metric.Name)
                ? throw new InvalidPluginException($"{plugin}: a plugin cannot declare the metric '{metric.Name}'. A name is {MetricDescription.Allowed}.")
            : metric is { Unit: null, Better: Better.Neither, Meaning: null } && KnownMetric(metric.Name) is var (known, field)
                ? new MetricDescription(metric.Name, known, new(() => documentation.Summary(typeof(MetricNames).Assembly, $"F:{typeof(MetricNames).FullName}.{field}")))
                { NeedsInput = metric.NeedsInput, DeclaredBy = metric.DeclaredBy }
                : new MetricDescription(metric.Name, metric, new(metric.Meaning ?? "")))];
        return metrics.CountBy(metric => metric.Name).FirstOrDefault(count => count.Value > 1) is { Key: { } twice }
            ? throw new InvalidPluginException($"{plugin}: the metric '{twice}' is declared twice.")
            : metrics;
    }

    /// <summary>The declaration of a metric among <see cref="MetricNames"/>, or null.</summary>
    private static (MetricAttribute Metric, string Field)? KnownMetric(string name) =>
        typeof(MetricNames).GetFields().Where(field => field.IsLiteral && (string?)field.GetRawConstantValue() == name)
            .Select(field => field.GetCustomAttribute<MetricAttribute>() is { } metric ? (metric, field.Name) : ((MetricAttribute, string)?)null).FirstOrDefault();

    private static IEnumerable<PropertyInfo> Properties(Type record) => record.GetProperties(BindingFlags.Public | BindingFlags.Instance);

    /// <summary>Copies artifacts into a list or dictionary of the type that the inputs record asks for.</summary>
    private static object? Fit(object? value, InputDescription input, Type target)
    {
        switch (value)
        {
            case IEnumerable<Artifact> items when input.Cardinality == InputCardinality.List:
                Artifact[] artifacts = [.. items];
                var array = Array.CreateInstance(input.ArtifactType, artifacts.Length);
                Array.Copy(artifacts, array, artifacts.Length);
                return target.IsInstanceOfType(array) ? array : Activator.CreateInstance(target, array);
            case IEnumerable<KeyValuePair<string, Artifact>> items:
                var dictionary = (System.Collections.IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(typeof(string), input.ArtifactType))!;
                foreach (var (name, artifact) in items)
                {
                    dictionary.Add(name, artifact);
                }

                return dictionary;
            default:
                return value;
        }
    }
}
