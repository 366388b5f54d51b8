using System.Reflection;
using System.Runtime.ExceptionServices;
using System.Text.Json;
using Experiments.Contracts;
using Experiments.Contracts.Artifacts;

namespace Experiments.Engine.Execution;

/// <summary>Calls a stage by its contract: makes the inputs record, runs, and checks that what was declared was made.</summary>
public static class StageCall
{
    /// <summary>Runs a stage.</summary>
    /// <exception cref="InvalidOperationException">A declared part of the output is not where it belongs.</exception>
    public static async Task RunAsync(IStage stage, IReadOnlyList<AttemptInput> inputs, StageContext context, CancellationToken cancellationToken)
    {
        var contract = stage.GetType().GetInterfaces().Single(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IStage<,>));
        var run = contract.GetMethod(nameof(IStage<,>.RunAsync))!;
        var task = (Task)Invoke(() => run.Invoke(stage, [MakeInputs(contract.GetGenericArguments()[0], inputs), context, cancellationToken]))!;
        await task.ConfigureAwait(false);
        var output = task.GetType().GetProperty(nameof(Task<>.Result))!.GetValue(task);
        foreach (var (part, artifact) in Parts(output))
        {
            var expected = Path.Combine(context.OutputFolder, part);
            if (Path.GetFullPath(artifact.Folder) != Path.GetFullPath(expected) || !Directory.Exists(expected))
            {
                throw new InvalidOperationException($"The stage returned {artifact.GetType().Name} in {artifact.Folder}, but it belongs into {expected}.");
            }
        }
    }

    private static IEnumerable<(string Part, Artifact Artifact)> Parts(object? output) => output switch
    {
        Artifact single => [("", single)],
        null => throw new InvalidOperationException("The stage returned nothing."),
        _ => output.GetType().GetProperties().Where(property => property.PropertyType.IsAssignableTo(typeof(Artifact)))
            .Select(property => (SnakeCase(property.Name), (Artifact)property.GetValue(output)!)),
    };

    private static object MakeInputs(Type type, IReadOnlyList<AttemptInput> inputs)
    {
        var constructor = type.GetConstructors().MaxBy(each => each.GetParameters().Length)!;
        return constructor.Invoke([.. constructor.GetParameters().Select(parameter =>
            inputs.FirstOrDefault(input => input.Name == SnakeCase(parameter.Name!)) is { } input ? MakeInput(parameter.ParameterType, input) : null)]);
    }

    private static object MakeInput(Type type, AttemptInput input)
    {
        if (type.IsAssignableTo(typeof(Artifact)))
        {
            return Make(input.Sources.Single());
        }

        var arguments = type.GetGenericArguments();
        if (arguments.Length == 1)
        {
            var list = Array.CreateInstance(arguments[0], input.Sources.Count);
            for (var i = 0; i < input.Sources.Count; i++)
            {
                list.SetValue(Make(input.Sources[i]), i);
            }

            return list;
        }

        var map = (System.Collections.IDictionary)Activator.CreateInstance(typeof(OrderedDictionary<,>).MakeGenericType(arguments))!;
        foreach (var source in input.Sources)
        {
            map.Add(source.Label!, Make(source));
        }

        return map;
    }

    private static Artifact Make(AttemptSource source)
    {
        var type = typeof(Artifact).Assembly.GetType($"{typeof(Artifact).Namespace}.{source.Type}", throwOnError: true)!;
        return (Artifact)Activator.CreateInstance(type, source.Location)!;
    }

    private static string SnakeCase(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    private static T Invoke<T>(Func<T> call)
    {
        try
        {
            return call();
        }
        catch (TargetInvocationException problem) when (problem.InnerException is { } inner)
        {
            ExceptionDispatchInfo.Throw(inner);
            throw;
        }
    }
}
